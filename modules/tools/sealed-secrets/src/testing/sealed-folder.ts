import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSealedFile, type SealedFor } from '@mlterra/sealing';

/** What has the shape of a sealed value, and is the same every time. */
export function sealedShape(text: string): string {
  const bytes = Buffer.alloc(2 + 256 + 16 + text.length, text);
  bytes.writeUInt16BE(256);
  return bytes.toString('base64');
}

/** The folder of an environment with sealed files. */
export class SealedFolder {
  public readonly path = mkdtempSync(join(tmpdir(), 'mlterra-sealed-'));

  public file(name: string): string {
    return join(this.path, 'secrets', `${name}.sealed.yaml`);
  }

  public write(name: string, recipient: SealedFor, ...keys: readonly string[]): void {
    writeSealedFile(
      this.file(name),
      recipient,
      Object.fromEntries(keys.map((key) => [key, sealedShape(key)])),
    );
  }

  public remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
