import { imageMirrorInvalid, imageUnpinned } from './errors';

/** Environment variable with the registry to pull from. */
const MIRROR = 'MLTERRA_IMAGE_MIRROR';

/** `[<registry>/]<repository>:<tag>`; what is before the first slash is a registry if it looks like a host. */
const TAGGED = /^[^:@\s]+(?::\d+\/[^:@\s]+)?:([\w][\w.-]*)$/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;
const REGISTRY = /^([^/]*[.:][^/]*|localhost)\//;
const MIRROR_FORM = /^[a-z0-9.-]+(:\d+)?(\/[\w.-]+)*$/i;

const DOCKER_HUB = 'docker.io/';

/** Throws unless an image has a digest, or a tag that is not `latest`. */
export function checkImage(path: string, container: string, image: string): void {
  if (DIGEST.test(image)) return;
  const tag = TAGGED.exec(image)?.[1];
  if (tag === undefined || tag === 'latest') throw imageUnpinned(path, container, image);
}

/**
 * The name under which an image is pulled: its own, or with `MLTERRA_IMAGE_MIRROR=<registry>` that of its copy there,
 * `<registry>/<original registry>/<repository>`, e.g. `mirror.example.org/docker.io/library/postgres:18.1`.
 */
export function imageToPull(image: string, env: NodeJS.ProcessEnv = process.env): string {
  const mirror = env[MIRROR];
  if (!mirror) return image;
  if (!MIRROR_FORM.test(mirror)) throw imageMirrorInvalid(MIRROR, mirror);
  return image.startsWith(`${mirror}/`) ? image : `${mirror}/${withRegistry(image)}`;
}

/** Names without a registry are those of Docker Hub, and without a slash those of its own library. */
function withRegistry(image: string): string {
  if (REGISTRY.test(image)) return image;
  return DOCKER_HUB + (image.includes('/') ? image : `library/${image}`);
}
