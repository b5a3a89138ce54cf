import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listEnvironments, requireEnvironment } from './environments';
import { requireStage, stageNamesOf } from './stages';
import { findWorkspaceRoot } from './workspace-root';

let root: string;

function write(file: string, content: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-workspace-')));
  write('nx.json', '{}');
  write(
    'environments/beta/environment.ts',
    'export default defineEnvironment({ stages: { dev: {}, prod: {} } });',
  );
  write(
    'environments/alpha/environment.ts',
    'export default defineEnvironment({ stages: { dev: {} }, shared() {} });',
  );
  write('environments/notes/README.md', 'no environment');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the root of the workspace', () => {
  it('is found from any folder inside', () => {
    write('environments/alpha/node_modules/.keep', '');
    expect(findWorkspaceRoot(path.join(root, 'environments/alpha'))).toBe(root);
  });

  it('may be marked by workspaces, or in a plain project by node_modules', () => {
    rmSync(path.join(root, 'nx.json'));
    write('package.json', '{ "workspaces": ["packages/*"] }');
    write('packages/a/package.json', '{}');
    expect(findWorkspaceRoot(path.join(root, 'packages/a'))).toBe(root);
    write('package.json', '{}');
    write('node_modules/.keep', '');
    expect(findWorkspaceRoot(path.join(root, 'packages/a'))).toBe(root);
  });

  it('is missed with a clear error', () => {
    expect(() => findWorkspaceRoot('/')).toThrow(/^\/ is in no workspace\.\n {2}expected: .*nx\.json/);
  });
});

describe('environments', () => {
  it('are the folders with an environment.ts, by name', () => {
    expect(listEnvironments(root).map(({ name }) => name)).toEqual(['alpha', 'beta']);
    expect(listEnvironments(path.join(root, 'environments'))).toEqual([]);
  });

  it('are found by name or by path', () => {
    const beta = path.join(root, 'environments/beta');
    expect(requireEnvironment(root, 'beta', '/').dir).toBe(beta);
    expect(requireEnvironment(root, '.', beta).dir).toBe(beta);
    expect(requireEnvironment(root, beta, '/').name).toBe('beta');
  });

  it('that are not there are refused with what is', () => {
    expect(() => requireEnvironment(root, 'gamma', root)).toThrow(
      /^There is no environment "gamma"\.\n {2}expected: one of: alpha, beta\n {2}to do: /,
    );
  });
});

describe('stages', () => {
  it('are those of all environments', () => {
    expect(stageNamesOf(listEnvironments(root))).toEqual(['dev', 'prod', 'shared']);
  });

  it('that no environment has are refused with what there is', () => {
    expect(() => requireStage(listEnvironments(root), 'nosuch')).toThrow(
      /^No environment has a stage "nosuch"\.\n {2}expected: one of: dev, prod, shared\n {2}to do: /,
    );
    expect(() => requireStage(listEnvironments(root), 'prod')).not.toThrow();
  });
});
