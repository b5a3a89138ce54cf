import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ComposeExport } from '@mlterra/core';
import { writeComposeProject } from './compose-folder';

const project: ComposeExport = {
  document: { services: { web: { image: 'mirror.example.org/docker.io/library/busybox:1' } } },
  files: [],
  variables: { SECRET_WEB: 'hidden' },
  entries: [
    { name: 'db', url: 'postgresql://db:5432', isPublished: false },
    {
      name: 'web',
      url: 'http://localhost:8080',
      isPublished: true,
      login: { username: 'admin', variable: 'SECRET_WEB' },
    },
  ],
};

const WEB = 'web: http://localhost:8080; user admin, password: SECRET_WEB in .env';
const DB = 'db: postgresql://db:5432, within the project only';

describe('a project of Compose', () => {
  let folder: string;
  const mirror = process.env.MLTERRA_IMAGE_MIRROR;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mlterra-compose-'));
    delete process.env.MLTERRA_IMAGE_MIRROR;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (mirror === undefined) delete process.env.MLTERRA_IMAGE_MIRROR;
    else process.env.MLTERRA_IMAGE_MIRROR = mirror;
  });

  it('says where it answers and which line of .env is the login, and shows no secret', () => {
    expect(writeComposeProject(folder, () => project, 'demo-dev')).toEqual([WEB, DB]);
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    expect(readme).toContain('# demo-dev');
    expect(readme).toContain(`- ${WEB}\n- ${DB}\n`);
    expect(readme).not.toContain('hidden');
    expect(readFileSync(path.join(folder, '.env'), 'utf8')).toContain('SECRET_WEB=hidden');
  });

  it('says that it pulls from a mirror only where it does', () => {
    process.env.MLTERRA_IMAGE_MIRROR = 'mirror.example.org';
    expect(writeComposeProject(folder, () => project, 'demo-dev').at(-1)).toMatch(
      /^images: from the registry mirror\.example\.org/,
    );
    process.env.MLTERRA_IMAGE_MIRROR = 'other.example.org';
    expect(writeComposeProject(folder, () => project, 'demo-dev')).toEqual([WEB, DB]);
  });
});
