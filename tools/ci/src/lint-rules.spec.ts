import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** A text that is linted as if it were the content of an existing file, and what is said about it. */
interface Case {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly messages: readonly string[];
}

const boundary = (type: string) =>
  `@nx/enforce-module-boundaries: A project tagged with "type:${type}" can only depend on libs tagged with`;
const barrelImport = 'no-restricted-imports: .* Import deeply';
const barrelSyntax = 'no-restricted-syntax: .* Import deeply';

const names = 'packages/core/src/names.ts';
const cases: readonly Case[] = [
  {
    title: 'a tool does not import a provider',
    file: 'modules/tools/mlflow/src/index.ts',
    text: "export { hooks } from '@mlterra/host';",
    messages: [boundary('tool')],
  },
  {
    title: 'a provider does not import a tool',
    file: 'modules/providers/host/src/index.ts',
    text: "export { Mlflow } from '@mlterra/mlflow';",
    messages: [boundary('provider')],
  },
  {
    title: 'core imports nothing that is built on it',
    file: 'packages/core/src/index.ts',
    text: "export { hooks } from '@mlterra/host';",
    messages: [
      '@nx/enforce-module-boundaries: Circular dependency between "@mlterra/core" and "@mlterra/host"',
    ],
  },
  {
    title: 'the engine does not import a provider',
    file: 'packages/engine/src/index.ts',
    text: "export { hooks } from '@mlterra/host';",
    messages: [
      '@nx/enforce-module-boundaries: Circular dependency between "@mlterra/engine" and "@mlterra/host"',
    ],
  },
  {
    title: 'a tool does not import the engine',
    file: 'modules/tools/mlflow/src/index.ts',
    text: "export { executeCommand } from '@mlterra/engine';",
    messages: [boundary('tool')],
  },
  {
    title: 'an environment imports core, providers and tools',
    file: 'environments/quickstart/environment.ts',
    text: ['core', 'host', 'mlflow']
      .map((name) => `export type { ${name} } from '@mlterra/${name}';`)
      .join('\n'),
    messages: [],
  },
  {
    title: 'the barrel of a prebuilt provider is not re-exported',
    file: names,
    text: "export { x } from '@cdktf/provider-google';",
    messages: [barrelImport],
  },
  {
    title: 'the barrel of a prebuilt provider is not imported',
    file: names,
    text: "import { x } from '@cdktf/provider-google';\nvoid (x as object);",
    messages: [barrelImport],
  },
  {
    title: 'the barrel of a prebuilt provider is not imported dynamically',
    file: names,
    text: "void import('@cdktf/provider-google');",
    messages: [barrelSyntax],
  },
  {
    title: 'the barrel of a prebuilt provider is not required',
    file: names,
    text: "void (require('@cdktf/provider-google') as object);",
    messages: ['@typescript-eslint/no-require-imports', barrelSyntax],
  },
  {
    title: 'the barrel of a prebuilt provider is not imported as a type',
    file: names,
    text: "export type X = import('@cdktf/provider-google').X;",
    messages: [barrelSyntax],
  },
  {
    title: 'a construct of a prebuilt provider is imported deeply',
    file: names,
    text: "export { x } from '@cdktf/provider-google/lib/project';",
    messages: [],
  },
  {
    title: 'nothing is exported wholesale',
    file: names,
    text: "export * from './errors';",
    messages: ['no-restricted-syntax: Re-export by name'],
  },
  {
    title: 'an index.ts holds no code',
    file: 'packages/core/src/index.ts',
    text: 'export const answer = 42;',
    messages: ['no-restricted-syntax: An index.ts only re-exports by name'],
  },
  {
    title: 'an index.ts re-exports by name',
    file: 'packages/core/src/index.ts',
    text: "export { assertName } from './names';",
    messages: [],
  },
];

/**
 * In one process of its own, because ESLint and the project graph take a second to load. Only rules that need no types are
 * run: those that do would have TypeScript compile six packages first.
 */
const script = `
  const { ESLint } = require('eslint');
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => !/^@typescript-eslint\\/(?!no-require-imports$)/.test(ruleId),
    overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
  });
  const lint = async ({ file, text }) => {
    const [{ messages }] = await eslint.lintText(text + '\\n', { filePath: file });
    return messages.map(({ ruleId, message }) => ruleId + ': ' + message.replaceAll('\\n', ' '));
  };
  Promise.all(JSON.parse(process.argv[1]).map(lint)).then((all) => console.log(JSON.stringify(all)));`;

/** Where Nx keeps the project graph that it computed last. */
const graph = join(root, '.nx/workspace-data/project-graph.json');

describe('rules of the repository', () => {
  let found: readonly (readonly string[])[];

  beforeAll(() => {
    const node = (...args: readonly string[]): string =>
      execFileSync(process.execPath, args, {
        cwd: root,
        env: { ...process.env, NX_DAEMON: 'false' },
        encoding: 'utf8',
      });
    // The rule of the boundaries skips itself where no project graph was computed before.
    if (!existsSync(graph)) {
      node(join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', '--file=tmp/project-graph.json');
    }
    found = JSON.parse(node('-e', script, JSON.stringify(cases)));
  }, 120_000);

  it.each(cases.map((each, index) => ({ ...each, index })))('$title', ({ messages, index }) => {
    // core depends on no prebuilt provider, which is refused too, but beside the point.
    const relevant = found[index]!.filter((message) => !message.includes('Only packages defined in'));
    expect(relevant).toEqual(messages.map((message) => expect.stringMatching(message)));
  });
});
