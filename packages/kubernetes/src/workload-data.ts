import { holdsSecret, type Value } from '@mlterra/core';
import type { Construct } from 'constructs';
import { dataKey } from './names';
import { renderText } from './render-text';

/** A text of a workload that a Secret or ConfigMap keeps. */
export interface DataReference {
  readonly kind: 'secret' | 'config';
  readonly key: string;
}

/** Texts of one workload: those with secrets go into its Secret, the others into its ConfigMap. */
export class WorkloadData {
  public readonly secrets: Record<string, string> = {};
  public readonly config: Record<string, string> = {};
  /** Secrets of others that its variables are in, with the version of what is in them, where that is known. */
  public readonly others: Record<string, string> = {};

  /** @param scope the workload */
  public constructor(private readonly scope: Construct) {}

  public addVariable(container: string, name: string, value: Value): DataReference {
    return this.add(dataKey(container, 'variable', name), value);
  }

  public addFile(container: string, path: string, value: Value): DataReference {
    return this.add(dataKey(container, 'file', path), value);
  }

  private add(key: string, value: Value): DataReference {
    const kind = holdsSecret(value) ? 'secret' : 'config';
    (kind === 'secret' ? this.secrets : this.config)[key] = renderText(this.scope, value);
    return { kind, key };
  }
}
