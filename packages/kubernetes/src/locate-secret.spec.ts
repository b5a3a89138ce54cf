import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hooks } from './hooks';

describe('locateSecret', () => {
  it('is a command line that prints the secret, once a shell runs it', async () => {
    const context = { environment: 'demo', stage: 'dev', stack: 'tool', environmentDir: '/', data: {} };
    const command = await hooks.locateSecret!(context, 'dev-tool/password/value');
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-kubectl-'));
    try {
      // Stands in for kubectl: answers as the API server would to exactly these arguments.
      const kubectl = join(folder, 'kubectl');
      const expected = '--namespace dev-tool get secret password --output jsonpath={.data.value}';
      writeFileSync(kubectl, `#!/bin/sh\n[ "$*" = '${expected}' ] && printf 'aHVzaA=='\n`);
      chmodSync(kubectl, 0o755);
      const { stdout } = spawnSync('sh', ['-c', command], {
        env: { PATH: `${folder}:${process.env.PATH}` },
        encoding: 'utf8',
      });
      expect(stdout).toBe('hush');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
