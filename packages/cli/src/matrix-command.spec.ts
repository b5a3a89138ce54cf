import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBinary } from './testing/run-binary';

const REPOSITORY = path.resolve(__dirname, '../../..');

describe('mlterra matrix', () => {
  let root: string;

  beforeAll(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlterra-cli-matrix-')));
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'));
    mkdirSync(path.join(root, 'docs'));
    writeFileSync(path.join(root, 'nx.json'), '{}');
    writeFileSync(path.join(root, 'package.json'), '{}');
    writeFileSync(path.join(root, 'README.md'), '<!-- matrix:start -->\n<!-- matrix:end -->\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const matrix = (...args: readonly string[]) => runBinary(root, 'matrix', ...args);

  /** As a test leaves it behind. */
  const writeRecord = (name: string, record: object): void => {
    mkdirSync(path.join(root, 'tmp/matrix'), { recursive: true });
    writeFileSync(path.join(root, 'tmp/matrix', `${name}.json`), JSON.stringify(record));
  };

  it('says that there is none', () => {
    expect(matrix()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no support matrix'),
    });
  });

  it('is written, printed and checked', () => {
    writeRecord('mlflow', {
      tool: 'mlflow',
      provider: 'cloud',
      way: 'paas',
      level: 'rehearsed',
      checks: ['grants'],
    });
    writeRecord('redis', { tool: 'redis', provider: 'cloud', way: 'paas', empty: 'redis runs on host only' });
    const written = matrix('--write');
    expect(written).toMatchObject({ code: 0 });
    expect(written.stdout).toMatchInlineSnapshot(`
      "| tool   | cloud           |
      | ------ | --------------- |
      | mlflow | PaaS: rehearsed |
      | redis  | none            |

      none: redis on cloud (PaaS): redis runs on host only
      "
    `);
    expect(matrix().stdout).toBe(written.stdout);
    expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain('| mlflow | PaaS: rehearsed |');
    expect(JSON.parse(matrix('--check', '--json').stdout)).toEqual({
      states: [
        { tool: 'mlflow', provider: 'cloud', state: 'PaaS', proofs: { PaaS: ['rehearsed'] } },
        {
          tool: 'redis',
          provider: 'cloud',
          state: 'none',
          proofs: {},
          reasons: ['PaaS: redis runs on host only'],
        },
      ],
      cells: [
        {
          tool: 'mlflow',
          provider: 'cloud',
          way: 'paas',
          proofs: [{ level: 'rehearsed', checks: ['grants'] }],
        },
        { tool: 'redis', provider: 'cloud', way: 'paas', empty: 'redis runs on host only' },
      ],
    });
  });

  it('fails a check after a run that proved less', () => {
    rmSync(path.join(root, 'tmp'), { recursive: true });
    writeRecord('redis', { tool: 'redis', provider: 'cloud', way: 'paas', empty: 'redis runs on host only' });
    const { code, stderr } = matrix('--check');
    expect(code).toBe(1);
    expect(stderr).toContain('mlflow on cloud (PaaS): no test of this run was about it');
    expect(stderr).toContain('`npx mlterra matrix --write`');
  });

  it('says which test failed, and writes nothing then', () => {
    writeRecord('failed', { tool: 'mlflow', provider: 'cloud', way: 'paas', failed: ['grants'] });
    for (const option of ['--check', '--write']) {
      expect(matrix(option)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('mlflow on cloud (PaaS): its test failed: grants\n'),
      });
    }
  });

  it('says that no test ran', () => {
    rmSync(path.join(root, 'tmp'), { recursive: true });
    const { code, stderr } = matrix('--check');
    expect(code).toBe(1);
    expect(stderr).toContain('No test has left a record in ');
    expect(stderr).not.toContain('mlflow on cloud');
  });
});
