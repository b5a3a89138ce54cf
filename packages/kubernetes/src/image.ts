import { imageUnpinned } from './errors';

/** Throws unless an image has a digest, or a tag that is not `latest`. */
export function checkImage(path: string, container: string, image: string): void {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return;
  const tag = /^[^:@\s]+(?::\d+\/[^:@\s]+)?:([\w][\w.-]*)$/.exec(image)?.[1];
  if (tag === undefined || tag === 'latest') throw imageUnpinned(path, container, image);
}
