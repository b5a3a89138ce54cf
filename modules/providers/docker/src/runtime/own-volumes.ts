import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { Provision } from '../spec';

/** Only the user may enter: what is in a volume is nobody else's business. */
const MODE = 0o700;

/** Gives the roots of volumes to the user of the container, by the engine: nothing of the image has to run for it. */
export async function ownVolumes(
  docker: Docker,
  { name, folders, userId }: Extract<Provision, { readonly kind: 'own' }>,
): Promise<void> {
  const archive = pack();
  for (const folder of folders) {
    archive.entry({ name: `${folder.slice(1)}/`, type: 'directory', mode: MODE, uid: userId, gid: userId });
  }
  archive.finalize();
  await docker.getContainer(name).putArchive(archive, { path: '/' });
}
