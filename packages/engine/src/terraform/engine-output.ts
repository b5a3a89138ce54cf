import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 64 * 1024;

/**
 * A file that an engine process writes to and this process reads from. The engine goes on undisturbed when this
 * process is gone, which a pipe would not let it do.
 */
export class EngineOutput {
  private readonly decoder = new StringDecoder('utf8');
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private position = 0;

  private constructor(public readonly fd: number) {}

  /** A file without a name: the system removes it with the last process that has it open. */
  public static unnamed(folder: string): EngineOutput {
    const own = mkdtempSync(path.join(folder, '.output-'));
    try {
      return EngineOutput.at(path.join(own, 'output'));
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }

  /** A file that stays; one of the same name is emptied. */
  public static at(file: string): EngineOutput {
    // Appending: nobody's position in the file matters to the engine.
    rmSync(file, { force: true });
    return new EngineOutput(openSync(file, 'ax+', 0o600));
  }

  /** What was written since the last call. */
  public read(): string {
    let text = '';
    for (;;) {
      const bytes = readSync(this.fd, this.chunk, 0, CHUNK_BYTES, this.position);
      if (bytes === 0) return text;
      this.position += bytes;
      text += this.decoder.write(this.chunk.subarray(0, bytes));
    }
  }

  public close(): void {
    closeSync(this.fd);
  }
}
