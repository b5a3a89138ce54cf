import { stripVTControlCharacters as plain } from 'node:util';
import type { Service, StackResult } from '../run/result';
import { planLines, renderTables } from './tables';

describe('tables', () => {
  it('tells what was deleted by its address only', () => {
    const result: StackResult = {
      key: 'env/dev/a',
      status: 'drifted',
      reasons: [],
      seconds: 0,
      plan: {
        resources: [],
        outputs: [],
        stampOnly: false,
        drift: [
          { address: 'x.gone', action: 'destroy', attributes: [{ path: 'id', before: '"1"' }] },
          { address: 'x.other', action: 'update', attributes: [{ path: 'id', before: '"1"', after: '"2"' }] },
        ],
      },
    };
    expect(planLines(result).map((line) => plain(line))).toEqual([
      'env/dev/a',
      '  - x.gone was deleted',
      '  ~ x.other',
      '      id: "1" -> "2"',
    ]);
  });

  it('puts commands that print passwords below the services, and files beside them', () => {
    const service = (name: string, passwordFile: string): Service => ({
      stage: 'dev',
      name,
      url: 'http://localhost',
      username: 'admin',
      passwordFile,
    });
    const command = `kubectl get secret ${'x'.repeat(150)} -o jsonpath='{.data.password}'`;
    const services = [service('mlflow', command), service('store', '/my secrets/store')];
    const environments = [{ name: 'env', stacks: [], notes: [], services }];
    const text = renderTables(
      { command: 'output', engineSeconds: 0, environments },
      { explain: false, columns: 100 },
    );
    const lines = plain(text).split('\n');
    expect(lines.at(-1)).toBe(`password of mlflow (env/dev): run ${command}`);
    expect(text).toContain('user admin, password in /my secrets/store');
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThan(100);
  });
});
