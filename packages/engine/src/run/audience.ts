/** Whoever started this process, and reads what it prints. */
export class Audience {
  private readonly parent = process.ppid;
  private isDeaf = false;
  private readonly onError = ({ code }: NodeJS.ErrnoException): void => {
    // A broken pipe or a closed terminal must not end a run half-way.
    if (code === 'EPIPE' || code === 'EIO') this.isDeaf = true;
  };

  public constructor() {
    for (const stream of [process.stdout, process.stderr]) stream.on('error', this.onError);
  }

  /** Whether the parent process is gone, or nobody reads on. */
  public get isGone(): boolean {
    return this.isDeaf || process.ppid !== this.parent;
  }
}
