import type { EnvironmentResult, StackResult } from '../run/result';
import { renderMarkdown } from './markdown';

const stack = (key: string, rest: Partial<StackResult>): StackResult => ({
  key,
  status: 'unchanged',
  reasons: [],
  seconds: 0,
  ...rest,
});
const environment = (name: string, rest: Partial<EnvironmentResult>): EnvironmentResult => ({
  name,
  stacks: [],
  notes: [],
  ...rest,
});
const render = (...environments: EnvironmentResult[]): string =>
  renderMarkdown({ command: 'plan', engineSeconds: 1, environments });

it('is a table of stacks, with the changes below it', () => {
  const text = render(
    environment('lab', {
      stacks: [
        stack('lab/dev/a', {
          status: 'changed',
          reasons: ['one', 'a | b\nc'],
          plan: {
            resources: [
              {
                address: 'x.y',
                action: 'update',
                attributes: [{ path: 'text', before: '```', after: '\u001b[31mred\u001b[0m' }],
              },
            ],
            outputs: [],
            drift: [],
            stampOnly: false,
          },
        }),
        stack('lab/dev/b', { status: 'failed', error: { code: 'c', message: 'it broke' } }),
      ],
      notes: ['one note', 'another'],
    }),
  );
  expect(text).toBe(`### Plan for \`lab\`

| stack | status | changes | why |
|---|---|---|---|
| \`lab/dev/a\` | changed | ~1 | one; a \\| b c |
| \`lab/dev/b\` | failed |  | it broke |

<details><summary>Changes</summary>

\`\`\`
lab/dev/a
  ~ x.y
      text: ''' -> red
\`\`\`

</details>

> one note
> another
`);
});

it('has no table of nothing, and says what went wrong with the whole environment', () => {
  expect(
    render(
      environment('one', { noStage: 'prod' }),
      environment('two', { error: { code: 'c', message: 'no ```\u001b[1menvironment' } }),
    ),
  ).toBe("### Plan for `one`\n\nno stage prod\n\n### Plan for `two`\n\n```\nno '''environment\n```\n");
});
