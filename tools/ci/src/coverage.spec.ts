import { coverageTable } from './coverage';

describe('coverageTable', () => {
  it('adds the files of a package up', () => {
    const counts = (covered: number, total: number) => ({
      lines: { covered, total },
      branches: { covered: 0, total: 0 },
    });
    expect(
      coverageTable(
        {
          total: counts(4, 5),
          '/repo/packages/engine/src/plan/a.ts': counts(1, 2),
          '/repo/packages/engine/src/b.ts': counts(2, 2),
          '/repo/modules/tools/mlflow/src/c.ts': counts(1, 1),
          '/repo/environments/quickstart/environment.ts': counts(1, 4),
        },
        '/repo',
      ).split('\n'),
    ).toEqual([
      'coverage of                    lines  branches',
      'environments/quickstart       25.0 %         -',
      'modules/tools/mlflow         100.0 %         -',
      'packages/engine               75.0 %         -',
    ]);
  });
});
