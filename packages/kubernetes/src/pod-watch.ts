import type { ClusterApi } from './cluster-api';
import { pods } from './cluster-objects';
import { isUsual, podTrouble } from './pod-trouble';

const PAUSE_MILLISECONDS = 3_000;

/** How often in a row a pod is seen in trouble before that is told: a volume that is being made is none. */
const LOOKS = 3;

type Report = (text: string) => void;

/** Watches by namespace, from the preparation of an apply to its end. */
const watches = new Map<string, PodWatch>();

/**
 * Remembers what pods had trouble with. Helm removes them when it takes back a release, so that afterwards nobody can
 * be asked.
 */
export class PodWatch {
  private readonly troubles = new Map<string, string>();
  private readonly looks = new Map<string, number>();
  private readonly told = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private busy = false;

  private constructor(
    private readonly api: Pick<ClusterApi, 'get'>,
    private readonly namespace: string,
    private readonly report: Report | undefined,
  ) {
    this.timer = setInterval(() => void this.look(), PAUSE_MILLISECONDS).unref();
  }

  /** Watches a namespace, which need not be there yet, and reports each trouble once, while it is waited for. */
  public static start(api: Pick<ClusterApi, 'get'>, namespace: string, report?: Report): void {
    watches.get(namespace)?.stop();
    watches.set(namespace, new PodWatch(api, namespace, report));
  }

  /** Ends the watch of a namespace; returns what pods had trouble with to the last. */
  public static end(namespace: string): readonly string[] {
    const watch = watches.get(namespace);
    watches.delete(namespace);
    return watch?.stop() ?? [];
  }

  private stop(): readonly string[] {
    clearInterval(this.timer);
    return [...new Set(this.troubles.values())].sort();
  }

  private async look(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (const pod of await pods(this.api, this.namespace)) {
        const { name } = pod.metadata;
        const trouble = podTrouble(pod);
        if (trouble === undefined) this.troubles.delete(name);
        else this.troubles.set(name, trouble);
        this.tell(name, trouble);
      }
    } catch {
      // What cannot be asked now is asked the next time.
    } finally {
      this.busy = false;
    }
  }

  private tell(pod: string, trouble: string | undefined): void {
    if (trouble === undefined || isUsual(trouble)) {
      this.looks.delete(pod);
      return;
    }
    const looks = (this.looks.get(pod) ?? 0) + 1;
    this.looks.set(pod, looks);
    if (looks < LOOKS || this.told.has(trouble)) return;
    this.told.add(trouble);
    this.report?.(trouble);
  }
}
