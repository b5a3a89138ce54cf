import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBinary, type BinaryResult } from './testing/run-binary';

let root: string;

/** Installs a provider in the temporary folder; without `source` one that hands out no tokens. */
function install(cloud: string, source?: string): void {
  const folder = path.join(root, 'node_modules', '@mlterra', cloud);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `@mlterra/${cloud}` }));
  if (source !== undefined) writeFileSync(path.join(folder, 'kube-token.js'), source);
}

const kubeToken = (cloud: string): BinaryResult => runBinary(root, 'kube-token', cloud);

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-kube-token-')));
  install('sky', `exports.kubeToken = async () => ({ token: 't', expires: new Date(1.8e12) });`);
  install('endless', `exports.kubeToken = async () => ({ token: 't' });`);
  install('tokenless');
  install(
    'closed',
    `exports.kubeToken = async () => {
      throw Object.assign(new Error('No credentials.'), { name: 'MlterraError', code: 'closed' });
    };`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('mlterra kube-token', () => {
  it('prints an ExecCredential', () => {
    const { code, stdout, stderr } = kubeToken('sky');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 't', expirationTimestamp: '2027-01-15T08:00:00.000Z' },
    });
  });

  it('leaves out an end that is not known', () => {
    expect(JSON.parse(kubeToken('endless').stdout).status).toEqual({ token: 't' });
  });

  it.each([
    ['a cloud that hands out none', 'tokenless', '"tokenless" is no cloud that hands out tokens'],
    ['a path', '../sky', '"../sky" is no cloud that hands out tokens'],
    ['a package that is not there', 'nowhere', 'There is no package @mlterra/nowhere'],
    ['missing credentials', 'closed', 'No credentials.\n'],
  ])('says one clear thing about %s, and prints nothing', (_, cloud, message) => {
    const { code, stdout, stderr } = kubeToken(cloud);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).not.toContain('    at ');
  });
});
