import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellRecord, Matrix } from './cell';
import { checkMatrix, readMatrix, writeMatrix } from './matrix-files';
import { removeRecords, writeRecord } from './records';
import { matrixStates } from './states';
import { emptyReasons, matrixTable } from './table';

const mlflowOnHost: CellRecord = {
  tool: 'mlflow',
  provider: 'host',
  way: 'iaas',
  level: 'rehearsed',
  checks: ['reachable', 'database-url'],
};
const mlflowOnCloud: CellRecord = { ...mlflowOnHost, provider: 'cloud', way: 'paas' };
const serverOnHost: CellRecord = { ...mlflowOnHost, tool: 'postgresql', checks: ['server'] };
const serverOnCloud: CellRecord = {
  tool: 'postgresql',
  provider: 'cloud',
  way: 'paas',
  empty: 'postgresql runs on host only',
};
const all = [mlflowOnHost, mlflowOnCloud, serverOnHost, serverOnCloud];

const failedOnHost: CellRecord = {
  tool: 'mlflow',
  provider: 'host',
  way: 'iaas',
  failed: ['grants', 'reachable'],
};

function thrownBy(code: () => unknown): string {
  try {
    code();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const README = '# Title\n\n<!-- matrix:start -->\n\n<!-- matrix:end -->\n\nThe end.\n';

describe('the support matrix', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mlterra-matrix-'));
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'README.md'), README);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const readme = (): string => readFileSync(join(root, 'README.md'), 'utf8');
  const record = (...records: readonly CellRecord[]): void => {
    rmSync(join(root, 'tmp'), { recursive: true, force: true });
    for (const each of records) writeRecord(root, each);
  };

  it('becomes a table of tools and providers', () => {
    record(...all, { ...mlflowOnHost, level: 'real server', checks: ['train'] });
    const matrix = writeMatrix(root);
    expect(matrixTable(matrix)).toBe(
      [
        '| tool       | cloud           | host                         |',
        '| ---------- | --------------- | ---------------------------- |',
        '| mlflow     | PaaS: rehearsed | IaaS: rehearsed, real server |',
        '| postgresql | none            | IaaS: rehearsed              |',
      ].join('\n'),
    );
    expect(emptyReasons(matrix)).toEqual(['postgresql on cloud (PaaS): postgresql runs on host only']);
    expect(readme()).toBe(README.replace(':start -->\n', `:start -->\n\n${matrixTable(matrix)}\n`));
  });

  it('says both where a tool runs both ways', () => {
    record(mlflowOnCloud, { ...mlflowOnCloud, way: 'iaas', level: 'hybrid' });
    expect(matrixTable(writeMatrix(root))).toContain('| mlflow | both: IaaS hybrid; PaaS rehearsed |');
  });

  it('has four states, each with its proof', () => {
    record(
      ...all,
      { ...mlflowOnCloud, way: 'iaas', level: 'hybrid' },
      { ...serverOnHost, tool: 'lakefs', way: 'paas' },
    );
    expect(matrixStates(writeMatrix(root))).toEqual([
      { tool: 'lakefs', provider: 'host', state: 'PaaS', proofs: { PaaS: ['rehearsed'] } },
      {
        tool: 'mlflow',
        provider: 'cloud',
        state: 'both',
        proofs: { IaaS: ['hybrid'], PaaS: ['rehearsed'] },
      },
      { tool: 'mlflow', provider: 'host', state: 'IaaS', proofs: { IaaS: ['rehearsed'] } },
      {
        tool: 'postgresql',
        provider: 'cloud',
        state: 'none',
        proofs: {},
        reasons: ['PaaS: postgresql runs on host only'],
      },
      { tool: 'postgresql', provider: 'host', state: 'IaaS', proofs: { IaaS: ['rehearsed'] } },
    ]);
  });

  it('has no tick for a cell that names no proof, whoever wrote it', () => {
    const unproved: Matrix = { cells: [{ tool: 'mlflow', provider: 'cloud', way: 'paas', proofs: [] }] };
    expect(matrixStates(unproved)).toEqual([
      { tool: 'mlflow', provider: 'cloud', state: 'none', proofs: {} },
    ]);
    expect(matrixTable(unproved)).toContain('| mlflow | none  |');
  });

  it('is the same whichever test came first, and however often it is written', () => {
    record(...all);
    writeMatrix(root);
    const first = [readFileSync(join(root, 'docs/matrix.json'), 'utf8'), readme()];
    record(...[...all].reverse());
    writeMatrix(root, { prune: true });
    writeMatrix(root);
    expect([readFileSync(join(root, 'docs/matrix.json'), 'utf8'), readme()]).toEqual(first);
    expect(checkMatrix(root)).toEqual(readMatrix(root));
  });

  it('is not destroyed by a run of a few tests', () => {
    record(...all, { ...mlflowOnHost, level: 'real server', checks: ['train'] });
    const whole = writeMatrix(root);
    record(mlflowOnHost);
    expect(writeMatrix(root)).toEqual(whole);
    expect(writeMatrix(root, { prune: true }).cells).toHaveLength(1);
  });

  it('forgets what a test proved that runs again', () => {
    removeRecords(root, () => true);
    record(...all, { ...mlflowOnHost, level: 'real server' });
    removeRecords(root, (each) => each.tool === 'mlflow' && 'level' in each && each.level === 'rehearsed');
    expect(writeMatrix(root).cells.map(({ tool, provider }) => [tool, provider])).toEqual([
      ['mlflow', 'host'],
      ['postgresql', 'cloud'],
      ['postgresql', 'host'],
    ]);
  });

  describe('is checked', () => {
    beforeEach(() => {
      record(...all);
      writeMatrix(root);
    });

    const stale: readonly [string, readonly CellRecord[], string][] = [
      ['a tick that no test proved', all.slice(1), 'mlflow on host (IaaS): no test of this run was about it'],
      [
        'a tick that another level proved',
        [{ ...mlflowOnHost, level: 'hybrid' }, ...all.slice(1)],
        'mlflow on host (IaaS): ticked as rehearsed, but no test of this run proved it',
      ],
      [
        'a proof without a tick',
        [...all, { ...mlflowOnHost, level: 'real server' }],
        'mlflow on host (IaaS): proved as real server, but not ticked',
      ],
      [
        'a proof that is no longer whole',
        [{ ...mlflowOnHost, checks: ['reachable'] }, ...all.slice(1)],
        'mlflow on host (IaaS): rehearsed, but these checks did not run: database-url',
      ],
      [
        'a proof by more checks',
        [{ ...mlflowOnHost, checks: ['reachable', 'database-url', 'grants'] }, ...all.slice(1)],
        'mlflow on host (IaaS): rehearsed by more checks than it says: grants',
      ],
      [
        'a tick that became empty',
        [
          { tool: 'mlflow', provider: 'host', way: 'iaas', empty: 'host offers no database' },
          ...all.slice(1),
        ],
        'mlflow on host (IaaS): ticked, but host offers no database',
      ],
      [
        'an empty cell that filled',
        [...all.slice(0, 3), { ...mlflowOnCloud, tool: 'postgresql' }],
        'postgresql on cloud (PaaS): proved as rehearsed, but not ticked',
      ],
      [
        'an empty cell with another reason',
        [...all.slice(0, 3), { ...serverOnCloud, empty: 'cloud offers no object store' }],
        'postgresql on cloud (PaaS): empty because cloud offers no object store, not because postgresql runs on host only',
      ],
      [
        'a new cell that is empty',
        [...all, { ...serverOnCloud, tool: 'redis' }],
        'redis on cloud (PaaS): not in the matrix, not even as empty',
      ],
    ];

    it.each(stale)('%s', (_, records, problem) => {
      record(...records);
      expect(() => checkMatrix(root)).toThrow(problem);
      expect(() => checkMatrix(root)).toThrow('npx mlterra matrix --write');
    });

    it('a test that failed, by what it found and by nothing else', () => {
      record({ ...failedOnHost }, ...all.slice(1));
      const said = thrownBy(() => checkMatrix(root));
      expect(said).toContain('  mlflow on host (IaaS): its test failed: grants, reachable\n');
      expect(said.match(/ on host| on cloud/g)).toHaveLength(1);
    });

    it('a run without a test', () => {
      rmSync(join(root, 'tmp'), { recursive: true });
      const said = thrownBy(() => checkMatrix(root));
      expect(said).toMatch(/^No test has left a record in .*tmp.matrix\./);
      expect(said).not.toContain('mlflow');
    });

    it('a table that somebody changed', () => {
      writeFileSync(join(root, 'README.md'), readme().replace('none', 'PaaS: real server'));
      expect(() => checkMatrix(root)).toThrow('README.md: its table is not that of docs/matrix.json');
    });
  });

  it('is not written while a test of a cell fails', () => {
    record(...all);
    writeMatrix(root);
    const before = readFileSync(join(root, 'docs/matrix.json'), 'utf8');
    record(failedOnHost, ...all.slice(1));
    for (const prune of [false, true]) {
      expect(thrownBy(() => writeMatrix(root, { prune }))).toContain(
        'mlflow on host (IaaS): its test failed: grants, reachable',
      );
    }
    expect(readFileSync(join(root, 'docs/matrix.json'), 'utf8')).toBe(before);
  });

  it('says what is missing', () => {
    expect(() => readMatrix(root)).toThrow(/There is no support matrix/);
    expect(() => writeMatrix(root)).toThrow(/No test has left a record in .*tmp.matrix\./);
    record(...all);
    writeFileSync(join(root, 'README.md'), '# Title\n');
    expect(() => writeMatrix(root)).toThrow(/README\.md has no place for the support matrix/);
    writeFileSync(join(root, 'docs/matrix.json'), '{}');
    expect(() => readMatrix(root)).toThrow(/matrix\.json is no support matrix/);
    writeFileSync(join(root, 'tmp/matrix/half.json'), '{');
    expect(() => writeMatrix(root)).toThrow(/half\.json is no record of a test/);
  });
});
