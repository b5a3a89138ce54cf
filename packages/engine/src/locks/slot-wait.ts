import type { Holder } from './file-lock';

const FIRST_WORD_MILLISECONDS = 2_000;
const NEXT_WORD_MILLISECONDS = 30_000;

/** What an engine process is for, and whom to tell that it has to wait. */
export interface SlotUse {
  /** E.g. `terraform plan of quickstart/dev/mlflow`; shown to those that wait for it. */
  readonly what: string;
  readonly tell: (text: string) => void;
  /** Also after this process was asked to stop. @default false */
  readonly evenWhenStopping?: boolean;
}

/** When this process said last that it waits: one line is enough for all its stacks. */
let lastWord = -Infinity;

/** A wait for a slot that other runs hold. What waits for stacks of its own run says nothing: that is no surprise. */
export class SlotWait {
  private readonly since = performance.now();

  public constructor(private readonly use: SlotUse) {}

  /** Tells who holds the slots, where it is time to. */
  public look(holders: readonly Holder[]): void {
    const others = holders.filter(({ pid }) => pid !== process.pid);
    const now = performance.now();
    if (others.length === 0 || now - this.since < FIRST_WORD_MILLISECONDS) return;
    if (now - lastWord < NEXT_WORD_MILLISECONDS) return;
    lastWord = now;
    const named = others.map(({ command, pid }) => `${command} (process ${pid})`);
    this.use.tell(
      `waits for one of ${holders.length} slots for engine processes of this workspace, held by ${named.join(', ')}; --parallel raises their number`,
    );
  }
}
