/** A tag that names a release, by its version or its date, not whatever was pushed last. */
const RELEASE_TAG =
  /^v?\d+(\.\d+)+([._+-][\w.-]*)?$|^v?\d+\.\d+[\w.-]*$|^RELEASE\.\d{4}-\d{2}-\d{2}T[\d-]+Z$/;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export interface ImageParts {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** `registry:5000/name:tag@sha256:…` taken apart. */
export function imageParts(image: string): ImageParts {
  const [name = '', digest] = image.split('@');
  const colon = name.lastIndexOf(':');
  if (colon <= name.lastIndexOf('/')) return { repository: name, digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

/** Whether an image has the tag of a release, or a digest. */
export function isPinned(image: string): boolean {
  const { tag, digest } = imageParts(image);
  return (digest !== undefined && DIGEST.test(digest)) || (tag !== undefined && RELEASE_TAG.test(tag));
}
