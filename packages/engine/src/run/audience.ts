import { interruption } from './interruption';

/** Set once nobody reads what this process prints. */
let isDeaf = false;
let isListening = false;

/** Whoever started this process, and reads what it prints. */
export class Audience {
  private readonly parent = process.ppid;

  public constructor() {
    if (isListening) return;
    isListening = true;
    for (const stream of [process.stdout, process.stderr]) stream.on('error', onError);
  }

  /** Whether the parent process is gone, or nobody reads on. */
  public get isGone(): boolean {
    return isDeaf || process.ppid !== this.parent || isSilenced();
  }
}

/** Nx prints nothing more of its tasks once it was interrupted. */
function isSilenced(): boolean {
  return process.env['NX_TASK_TARGET_PROJECT'] !== undefined && interruption() !== undefined;
}

/** A broken pipe or a closed terminal must not end a run half-way. */
function onError({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE' || code === 'EIO') isDeaf = true;
}
