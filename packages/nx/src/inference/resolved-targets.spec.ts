/** @long */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProjectGraph } from '@nx/devkit';
import { REPOSITORY, TemporaryWorkspace, runNx } from '../testing/temporary-workspace';
import { ENGINE_TARGETS, executorOf } from './target-names';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlterra-nx-graph-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function graphOf(root: string): Promise<ProjectGraph> {
  const file = path.join(folder, 'graph.json');
  const { code, text } = await runNx(root, ['graph', `--file=${file}`]);
  if (code !== 0) throw new Error(text);
  return (JSON.parse(readFileSync(file, 'utf8')) as { graph: ProjectGraph }).graph;
}

describe('the resolved targets of this workspace', () => {
  let graph: ProjectGraph;

  beforeAll(async () => {
    graph = await graphOf(REPOSITORY);
  });

  it('cache nothing that has side effects', () => {
    const environments = Object.values(graph.nodes).filter(({ data }) => data.targets?.['apply']);
    expect(environments.map(({ name }) => name)).toContain('quickstart');
    for (const { data } of environments) {
      const caching = ENGINE_TARGETS.map((target) => [
        data.targets![target]!.executor,
        data.targets![target]!.cache,
      ]);
      expect(caching).toEqual(ENGINE_TARGETS.map((target) => [executorOf(target), target === 'synth']));
      for (const target of Object.values(data.targets!)) {
        if (target.executor === executorOf('e2e')) expect(target.cache).toBe(false);
      }
    }
  });

  it('make quickstart depend on what it is built from and by', () => {
    expect(graph.dependencies['quickstart']!.map(({ target }) => target)).toEqual(
      expect.arrayContaining(['@mlterra/core', '@mlterra/engine', '@mlterra/host', '@mlterra/mlflow']),
    );
  });
});

describe('a workspace that overrides what is inferred', () => {
  let workspace: TemporaryWorkspace;

  beforeEach(() => {
    workspace = new TemporaryWorkspace();
    workspace.write(
      'environments/lab/environment.ts',
      `throw new Error('was run'); export default defineEnvironment({ stages: { dev: {} } });`,
    );
  });
  afterEach(() => workspace.remove());

  it('is kept from running a side effect that would be cached', async () => {
    workspace.writeNxJson({ targetDefaults: { apply: { cache: true } } });
    const { nodes } = await graphOf(workspace.root);
    expect(nodes['lab']!.data.targets!['apply']!.cache).toBe(true);
    for (const command of [
      ['apply', 'lab'],
      ['run-many', '-t', 'plan'],
    ]) {
      const { code, text } = await workspace.nx(...command);
      expect(text).toMatch(
        /lab:apply would be cached: Nx would replay .*\n\n {2}expected: "cache": false.*\n {2}to do: /,
      );
      expect(text).not.toContain('was run');
      expect(code).toBe(1);
    }
  });

  it('is kept from it also where another target leads to it', async () => {
    workspace.writeNxJson({ targetDefaults: { '@mlterra/nx:output': { cache: true } } });
    workspace.write(
      'environments/lab/package.json',
      JSON.stringify({
        name: 'lab',
        nx: { targets: { deploy: { executor: 'nx:noop', dependsOn: ['output'] } } },
      }),
    );
    for (let run = 0; run < 2; run++) {
      const { code, text } = await workspace.nx('deploy', 'lab');
      expect(text).toContain('lab:output would be cached');
      expect(code).not.toBe(0);
    }
  });
});
