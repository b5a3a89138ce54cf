import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uvEnvironment } from './package-index';

describe('the settings of uv', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mlterra-index-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const environment = (variables: NodeJS.ProcessEnv, file = '') => {
    const config = join(folder, 'pip.conf');
    writeFileSync(config, file);
    return uvEnvironment('python3', {
      PATH: process.env.PATH,
      HOME: folder,
      PIP_CONFIG_FILE: config,
      ...variables,
    });
  };

  it('take over what pip was told by files and by variables', async () => {
    const settings = await environment(
      { PIP_EXTRA_INDEX_URL: 'https://b.example/simple' },
      '[global]\nindex-url = https://a.example/simple\nfind-links =\n  /wheels\n  /more\n',
    );
    expect(settings).toMatchObject({
      UV_DEFAULT_INDEX: 'https://a.example/simple',
      UV_INDEX: 'https://b.example/simple',
      UV_FIND_LINKS: '/wheels /more',
      UV_SYSTEM_CERTS: '1',
    });
  });

  it('leave alone what uv itself was told', async () => {
    const settings = await environment(
      { UV_INDEX_URL: 'https://mine.example/simple', UV_SYSTEM_CERTS: '0' },
      '[global]\nindex-url = https://a.example/simple\n',
    );
    expect(settings.UV_DEFAULT_INDEX).toBeUndefined();
    expect(settings).toMatchObject({ UV_INDEX_URL: 'https://mine.example/simple', UV_SYSTEM_CERTS: '0' });
  });
});
