import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rehearseEnvironment } from '@mlterra/rehearsal';
import { scanFolder, type Scan } from './checkov';
import { writeEnvironment } from './environment-files';
import { judge, type Suppression } from './suppressions';

const ENVIRONMENTS = path.resolve(__dirname, '../../../environments');

const accepted = JSON.parse(
  readFileSync(path.join(__dirname, '../suppressions.json'), 'utf8'),
) as readonly Suppression[];

const isFull = process.env.MLTERRA_TEST_FULL === '1';

/** Most checks are about clouds: their environments are always scanned, and of the others one, by the seed of the run. */
const CLOUDS = ['gcp'];

function environments(): readonly string[] {
  const all = readdirSync(ENVIRONMENTS).sort();
  if (isFull) return all;
  const others = all.filter((name) => !CLOUDS.includes(name));
  const seed = Number(process.env.MLTERRA_TEST_SEED ?? Math.abs(jest.getSeed()));
  return [...CLOUDS, others[seed % others.length]!];
}

/** Folder of a bucket and a pod that anyone can get at: a scan that does not see them sees nothing. */
const SEEDED = 'seeded';

function writeSeeded(folder: string): void {
  mkdirSync(folder);
  const resource = { google_storage_bucket: { open: { name: 'open', location: 'EU' } } };
  writeFileSync(path.join(folder, 'cdk.tf.json'), JSON.stringify({ resource }));
  const containers = [{ name: 'app', image: 'app:latest', securityContext: { privileged: true } }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' }, spec: { containers } };
  writeFileSync(path.join(folder, 'object-0.json'), JSON.stringify(pod));
}

describe('policies of checkov', () => {
  let scan: Scan;
  let objects = 0;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
    try {
      writeSeeded(path.join(folder, SEEDED));
      for (const name of environments()) {
        const dir = path.join(ENVIRONMENTS, name);
        const rehearsal = await rehearseEnvironment(
          { dir },
          { without: ['validate', 'plan', 'second plan', 'change', 'destroy'] },
        );
        if (rehearsal.error) throw new Error(rehearsal.error.message);
        objects += writeEnvironment(rehearsal.stacks, path.join(folder, name));
      }
      scan = await scanFolder(folder, ['terraform_json', 'kubernetes']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 900_000);

  it('find a bucket and a pod that anyone can get at', () => {
    const seeded = scan.findings.filter(({ file }) => file.startsWith(SEEDED));
    expect(seeded).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'CKV_GCP_114', resource: 'resource.open' }),
        expect.objectContaining({ check: 'CKV_K8S_16', resource: 'Pod.default.app' }),
      ]),
    );
  });

  it('are kept by every environment, but for what is accepted with a reason', () => {
    const { open, unused } = judge(
      scan.findings.filter(({ file }) => !file.startsWith(SEEDED)),
      accepted,
    );
    expect(open).toEqual([]);
    // What nothing needs any more shows when all of them are scanned.
    if (isFull) expect(unused).toEqual([]);
    expect(objects).toBeGreaterThan(0);
    expect(scan.passed).toBeGreaterThan(objects);
  });
});
