import { stripVTControlCharacters } from 'node:util';
import type { RehearsalResult, StepResult } from '../run/result';
import { printable } from './json';
import { renderJUnit } from './junit';
import { renderRehearsal } from './table';
import { passed } from './verdict';

const stack = (name: string, steps: readonly StepResult[]) => ({
  key: `lab/dev/${name}`,
  stackKey: { environment: 'lab', stage: 'dev', stack: name },
  steps,
  resources: [
    {
      address: 'g_bucket.b',
      mode: 'managed' as const,
      type: 'g_bucket',
      name: 'b',
      provider: 'registry.terraform.io/x/g',
      values: { secret: 'canary-1' },
    },
  ],
  outputs: { password: { value: 'canary-2', sensitive: true } },
  config: { note: 'canary-3', terraform: { required_providers: { g: { source: 'x/g' } } } },
});

const result: RehearsalResult = {
  environment: 'lab',
  levels: { 'registry.terraform.io/x/g': 'hybrid', 'registry.terraform.io/x/elsewhere': 'hybrid' },
  stacks: [
    stack('a', [
      { name: 'init', status: 'passed', seconds: 0.12 },
      { name: 'apply', status: 'passed', seconds: 0.34, note: '1 created' },
      {
        name: 'second plan',
        status: 'failed',
        seconds: 0.5,
        error: 'The second plan is not empty:\n  update g_bucket.b',
      },
      { name: 'change', status: 'skipped', seconds: 0, note: 'nothing fits' },
    ]),
    stack('b', [{ name: 'init', status: 'skipped', seconds: 0, note: 'not tried: lab/dev/a failed' }]),
  ],
  seconds: 1.2,
};

describe('the result of a rehearsal', () => {
  it('is a table for people, with what the level does not check', () => {
    expect(stripVTControlCharacters(renderRehearsal(result, { columns: 110 }))).toMatchInlineSnapshot(`
      "┌───────────┬────────┬────────┬─────────────┬────────┬───────────────────────────────────────────────────────┐
      │ stack     │ init   │ apply  │ second plan │ change │ what it showed                                        │
      ├───────────┼────────┼────────┼─────────────┼────────┼───────────────────────────────────────────────────────┤
      │ lab/dev/a │ 0.1 s  │ 0.3 s  │ failed      │ -      │ 1 created; no change: nothing fits                    │
      ├───────────┼────────┼────────┼─────────────┼────────┼───────────────────────────────────────────────────────┤
      │ lab/dev/b │ -      │        │             │        │ not tried: lab/dev/a failed                           │
      └───────────┴────────┴────────┴─────────────┴────────┴───────────────────────────────────────────────────────┘
      failed lab/dev/a, second plan: The second plan is not empty:
        update g_bucket.b
      level hybrid: g, elsewhere
        not checked: quotas, permissions and anything else only the cloud knows
      lab: 1 of 2 stacks failed in 1.2 s"
    `);
  });

  it('is JSON for programs, without values', () => {
    const text = JSON.stringify(printable(result));
    expect(text).not.toContain('canary');
    expect(JSON.parse(text)).toMatchObject({
      passed: false,
      levels: {
        'registry.terraform.io/x/g': { level: 'hybrid', notChecked: [expect.stringContaining('quotas')] },
      },
      stacks: [{ key: 'lab/dev/a', resources: [{ address: 'g_bucket.b' }] }, { key: 'lab/dev/b' }],
    });
  });

  it('is a suite per stack and a case per step for JUnit', () => {
    expect(renderJUnit([result, { ...result, stacks: [], error: { message: 'no <binding>' } }]))
      .toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="6" failures="1" errors="1" skipped="2">
        <testsuite name="lab/dev/a" time="0.96" tests="4" failures="1" errors="0" skipped="1">
          <properties>
            <property name="level registry.terraform.io/x/g" value="hybrid"/>
          </properties>
          <testcase classname="lab.dev.a" name="init" time="0.12"/>
          <testcase classname="lab.dev.a" name="apply" time="0.34">
            <system-out><![CDATA[1 created]]></system-out>
          </testcase>
          <testcase classname="lab.dev.a" name="second plan" time="0.5">
            <failure message="The second plan is not empty:"><![CDATA[The second plan is not empty:
        update g_bucket.b]]></failure>
          </testcase>
          <testcase classname="lab.dev.a" name="change" time="0">
            <skipped/>
            <system-out><![CDATA[nothing fits]]></system-out>
          </testcase>
        </testsuite>
        <testsuite name="lab/dev/b" time="0" tests="1" failures="0" errors="0" skipped="1">
          <properties>
            <property name="level registry.terraform.io/x/g" value="hybrid"/>
          </properties>
          <testcase classname="lab.dev.b" name="init" time="0">
            <skipped/>
            <system-out><![CDATA[not tried: lab/dev/a failed]]></system-out>
          </testcase>
        </testsuite>
        <testsuite name="lab" time="1.2" tests="1" failures="0" errors="1" skipped="0">
          <testcase classname="lab" name="rehearsal">
            <error message="no &lt;binding>"><![CDATA[no <binding>]]></error>
          </testcase>
        </testsuite>
      </testsuites>"
    `);
  });

  it('passes only where no step failed and nothing kept it from its end', () => {
    expect(passed(result)).toBe(false);
    expect(passed({ ...result, stacks: [result.stacks[1]!] })).toBe(true);
    expect(passed({ ...result, stacks: [], error: { message: 'x' } })).toBe(false);
  });
});
