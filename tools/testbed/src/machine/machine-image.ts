import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { buildCache } from '../go-build';
import { withoutDockerHub } from '../docker/images';
import type { DockerCli } from './docker-cli';

const FOLDER = join(__dirname, '..', '..', 'machine');

/** Raised when an image has to be made anew although its files are the same. */
const VERSION = '1';

/** Builds the root of a machine, once: three minutes of installing packages. Returns the name of the image. */
export async function machineImage(docker: DockerCli): Promise<string> {
  const image = `mlterra-testbed/machine:${key()}`;
  if ((await docker('images', '--quiet', image)) === '') {
    await docker('build', '--network', 'host', '--tag', image, FOLDER);
  }
  return image;
}

/** Folder with images of containers as files, each made once, for machines to load. */
export async function savedImages(docker: DockerCli, images: readonly string[]): Promise<readonly string[]> {
  const folder = join(buildCache(), 'machine-images');
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const image of images.map(withoutDockerHub)) {
    const id = await docker('image', 'inspect', '--format', '{{.Id}}', image);
    const file = join(folder, `${id.replace('sha256:', '').slice(0, 16)}.tar`);
    if (!existsSync(file)) {
      await docker('save', '--output', `${file}.${process.pid}`, image);
      renameSync(`${file}.${process.pid}`, file);
    }
    files.push(file);
  }
  return files;
}

function key(): string {
  const hash = createHash('sha256').update(VERSION);
  for (const name of readdirSync(FOLDER).sort())
    hash.update(`${name}\0`).update(readFileSync(join(FOLDER, name)));
  return hash.digest('hex').slice(0, 12);
}
