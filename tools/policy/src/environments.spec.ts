import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rehearseEnvironment } from '@mlterra/rehearsal';
import { scanFolder } from './checkov';
import { writeEnvironment } from './environment-files';
import { judge, type Suppression } from './suppressions';

const ENVIRONMENTS = path.resolve(__dirname, '../../../environments');

const accepted = JSON.parse(
  readFileSync(path.join(__dirname, '../suppressions.json'), 'utf8'),
) as readonly Suppression[];

it('no environment breaks a policy of checkov, but for what is accepted with a reason', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
  try {
    let objects = 0;
    for (const name of readdirSync(ENVIRONMENTS)) {
      const dir = path.join(ENVIRONMENTS, name);
      const rehearsal = await rehearseEnvironment(
        { dir },
        { without: ['validate', 'second plan', 'change', 'destroy'] },
      );
      expect(rehearsal.error).toBeUndefined();
      objects += writeEnvironment(rehearsal.stacks, path.join(folder, name));
    }
    const { findings, passed } = await scanFolder(folder, ['terraform_json', 'kubernetes']);
    const { open, unused } = judge(findings, accepted);
    expect(open).toEqual([]);
    expect(unused).toEqual([]);
    // Files that checkov does not understand would pass silently.
    expect(passed).toBeGreaterThan(objects);
    expect(objects).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
