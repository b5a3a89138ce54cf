import { readFileSync } from 'node:fs';
import { kubeconfigPath } from '../cluster-api';

/** Key of a kubeconfig, written as YAML or JSON. */
const CURRENT = /(?:^|[{,])[ \t]*["']?current-context["']?[ \t]*:[ \t]*["']?([^"'\s,}#]+)/m;

/** The current context of a kubeconfig; undefined where there is no such file, or it has none. */
export function currentContext(kubeconfig: string): string | undefined {
  try {
    return CURRENT.exec(readFileSync(kubeconfigPath(kubeconfig), 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
