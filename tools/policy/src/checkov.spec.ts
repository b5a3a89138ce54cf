import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scanFolder } from './checkov';

describe('scanFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a bucket and a pod that anyone can get at', async () => {
    const resource = { google_storage_bucket: { open: { name: 'open', location: 'EU' } } };
    writeFileSync(path.join(folder, 'stack.tf.json'), JSON.stringify({ resource }));
    const containers = [{ name: 'app', image: 'app:latest', securityContext: { privileged: true } }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' }, spec: { containers } };
    writeFileSync(path.join(folder, 'pod.json'), JSON.stringify(pod));
    const { findings, passed } = await scanFolder(folder, ['terraform_json', 'kubernetes']);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'CKV_GCP_114', resource: 'resource.open', file: 'stack.tf.json' }),
        expect.objectContaining({ check: 'CKV_K8S_16', resource: 'Pod.default.app', file: 'pod.json' }),
      ]),
    );
    expect(passed).toBeGreaterThan(0);
  });
});
