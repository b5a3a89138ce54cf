import { spawn, type ChildProcess } from 'node:child_process';
import { unpackFailed } from '../errors';

const UNPACK_SECONDS = 300;

/**
 * A folder that is being read with the rights of now, to be unpacked with those of later. Its reader waits for
 * whoever takes what it has read: an archive must be unpacked or closed, or this program does not end.
 */
export class Archive {
  private readonly reader: ChildProcess;
  /** What went wrong with the reader; undefined when nothing did. */
  private readonly end: Promise<string | undefined>;

  public constructor(
    private readonly parent: string,
    folder: string,
  ) {
    this.reader = spawn('tar', ['-cf', '-', '-C', parent, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.end = endOf(this.reader);
  }

  /** Unpacks it below the folder `into`, which exists. */
  public async unpack(into: string): Promise<void> {
    const writer = spawn('tar', ['-xf', '-', '-C', into, '--no-same-owner'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    writer.stdin.on('error', () => undefined);
    this.reader.stdout!.pipe(writer.stdin);
    // One that could not be started does not end its output.
    void this.end.then((problem) => problem !== undefined && writer.stdin.end());
    let late: string | undefined;
    const timer = setTimeout(() => {
      late = `it takes longer than ${UNPACK_SECONDS} s`;
      this.close();
      writer.kill('SIGKILL');
    }, UNPACK_SECONDS * 1000);
    const written = await endOf(writer);
    if (written === undefined) this.reader.stdout!.unpipe().resume();
    else this.close();
    const read = await this.end;
    clearTimeout(timer);
    const problems = late === undefined ? [read, written].filter((one) => one !== undefined) : [late];
    if (problems.length > 0) throw unpackFailed(this.parent, into, problems.join('; '));
  }

  /** Ends the reader. By its pipe: it may belong to root, which this program is no more. */
  public close(): void {
    this.reader.stdout!.destroy();
  }
}

function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) =>
      resolve(code === 0 ? undefined : said.trim() || `tar ended with ${code ?? signal}`),
    );
  });
}
