import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipEnvironment, uvEnvironment } from './package-index';

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

  it('prefer a variable of the caller to a file, and what a file says of installations', async () => {
    const settings = await environment(
      { PIP_INDEX_URL: 'https://variable.example/simple' },
      '[global]\nindex-url = https://global.example/simple\ncert = /global.pem\n[install]\ncert = /install.pem\n',
    );
    expect(settings).toMatchObject({
      UV_DEFAULT_INDEX: 'https://variable.example/simple',
      SSL_CERT_FILE: '/install.pem',
    });
  });

  it('of a file say where pip gets packages from, and not where it puts them', async () => {
    const config = join(folder, 'pip.conf');
    writeFileSync(
      config,
      '[global]\nindex-url = https://a.example/simple\nextra-index-url =\n  https://b.example/simple\n  https://c.example/simple\n' +
        'trusted-host = a.example\n[install]\nuser = true\ntarget = /nosuch\nno-deps = true\n',
    );
    const variables = { PATH: process.env.PATH, HOME: folder, PIP_CONFIG_FILE: config };
    const settings = await pipEnvironment('python3', variables);
    expect(settings).toMatchObject({
      ...variables,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: 'https://a.example/simple',
      PIP_EXTRA_INDEX_URL: 'https://b.example/simple https://c.example/simple',
      PIP_TRUSTED_HOST: 'a.example',
    });
    for (const name of ['PIP_USER', 'PIP_TARGET', 'PIP_NO_DEPS']) expect(settings).not.toHaveProperty(name);
  });
});
