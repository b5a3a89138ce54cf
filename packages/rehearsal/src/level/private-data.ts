/** What Terraform keeps beside a resource for its provider: here one part for each of the two that play it. */
export interface PrivateData {
  readonly fake: Uint8Array;
  readonly real: Uint8Array;
}

export function packPrivate({ fake, real }: PrivateData): Uint8Array {
  const text = JSON.stringify({
    fake: Buffer.from(fake).toString('base64'),
    real: Buffer.from(real).toString('base64'),
  });
  return Buffer.from(text);
}

export function unpackPrivate(bytes: Uint8Array | undefined): PrivateData {
  if (bytes === undefined || bytes.length === 0) return { fake: Buffer.alloc(0), real: Buffer.alloc(0) };
  const parts = JSON.parse(Buffer.from(bytes).toString()) as {
    readonly fake?: string;
    readonly real?: string;
  };
  return { fake: Buffer.from(parts.fake ?? '', 'base64'), real: Buffer.from(parts.real ?? '', 'base64') };
}

/** The part of the one that plays, whether it plays alone or with a real provider. */
export function fakePart(bytes: Uint8Array): Uint8Array {
  try {
    const { fake } = JSON.parse(Buffer.from(bytes).toString()) as { readonly fake?: unknown };
    return typeof fake === 'string' ? Buffer.from(fake, 'base64') : bytes;
  } catch {
    return bytes;
  }
}
