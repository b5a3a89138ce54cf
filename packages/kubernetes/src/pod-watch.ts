import type { ClusterApi } from './cluster-api';
import { pods } from './cluster-objects';
import { podTrouble } from './pod-trouble';

const PAUSE_MILLISECONDS = 3_000;

/** Watches by namespace, from the preparation of an apply to its end. */
const watches = new Map<string, PodWatch>();

/**
 * Remembers what pods had trouble with. Helm removes them when it takes back a release, so that afterwards nobody can
 * be asked.
 */
export class PodWatch {
  private readonly troubles = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;
  private busy = false;

  private constructor(
    private readonly api: ClusterApi,
    private readonly namespace: string,
  ) {
    this.timer = setInterval(() => void this.look(), PAUSE_MILLISECONDS).unref();
  }

  /** Watches a namespace, which need not be there yet. */
  public static start(api: ClusterApi, namespace: string): void {
    watches.get(namespace)?.stop();
    watches.set(namespace, new PodWatch(api, namespace));
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
        const trouble = podTrouble(pod);
        if (trouble === undefined) this.troubles.delete(pod.metadata.name);
        else this.troubles.set(pod.metadata.name, trouble);
      }
    } catch {
      // What cannot be asked now is asked the next time.
    } finally {
      this.busy = false;
    }
  }
}
