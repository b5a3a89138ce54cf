import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slowestTable, specsOf } from './slowest';

describe('the slowest of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-slowest-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are its slowest spec files, by the reports of its steps', () => {
    const jestReport = join(folder, 'jest.json');
    const result = (name: string, endTime: number) => ({
      ...{ name: `/repo/${name}`, status: 'passed', startTime: 1000, endTime, assertionResults: [] },
    });
    const testResults = [
      result('packages/a.spec.ts', 2500),
      result('packages/b.spec.ts', 13_000),
      result('c.spec.ts', 1100),
    ];
    writeFileSync(jestReport, JSON.stringify({ testResults }));
    const steps = [
      { name: 'eslint', command: ['true'] as const },
      { name: 'jest', command: ['true'] as const, jestReport },
      { name: 'not reached', command: ['true'] as const, jestReport: join(folder, 'missing.json') },
    ];
    expect(slowestTable(specsOf(steps, '/repo'), 2).split('\n')).toEqual([
      '   12.0 s  packages/b.spec.ts',
      '    1.5 s  packages/a.spec.ts',
    ]);
  });
});
