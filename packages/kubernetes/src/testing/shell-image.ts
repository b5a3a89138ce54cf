import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeImageArchive } from '@mlterra/testbed';

/** Name of an image with `/bin/sh`, `/bin/cat` and `/bin/sleep`, those of this machine. */
export const SHELL_IMAGE = 'proof.example/shell:v1';

const PROGRAMS = ['/bin/sh', '/bin/cat', '/bin/sleep'];

/** Writes the image into a folder; returns the path of its archive. */
export function shellImage(folder: string): string {
  const libraries = PROGRAMS.flatMap((program) => {
    const needed = execFileSync('ldd', [program], { encoding: 'utf8' });
    return [...needed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
  });
  const archive = join(folder, 'shell.tar');
  writeImageArchive(archive, {
    names: [SHELL_IMAGE],
    programs: Object.fromEntries([...PROGRAMS, ...libraries].map((path) => [path.slice(1), path])),
    entrypoint: ['/bin/sh'],
  });
  return archive;
}
