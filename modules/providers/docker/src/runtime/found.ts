import type { HookContext } from '@mlterra/core';
import type Docker from 'dockerode';
import { LABELS } from '../labels';
import type { HookData } from '../spec';

type Labels = Readonly<Record<string, string>>;

/** The filter for what a stage has on an engine. */
export function stageFilter({ environment, stage }: Pick<HookContext, 'environment' | 'stage'>): {
  readonly label: string[];
} {
  return { label: [`${LABELS.environment}=${environment}`, `${LABELS.stage}=${stage}`] };
}

/** The filter for what a stack has on an engine. */
export function stackFilter(context: Pick<HookContext, 'environment' | 'stage' | 'stack'>): {
  readonly label: string[];
} {
  return { label: [...stageFilter(context).label, `${LABELS.stack}=${context.stack}`] };
}

/** Which state the things of a stack belong to; undefined where none was made yet. */
export async function instanceOf(context: HookContext): Promise<string | undefined> {
  const { stack, output } = (context.data as HookData).instance;
  const value = await context.readOutput?.(stack, output);
  return typeof value === 'string' ? value : undefined;
}

export function containerName({ Names }: Docker.ContainerInfo): string {
  return (Names[0] ?? '').replace(/^\//, '');
}

/** Who a thing belongs to, in words. */
export function ownerOf(labels: Labels | null | undefined): string {
  const environment = labels?.[LABELS.environment];
  if (environment === undefined) return 'somebody else: it has no label of mlterra';
  return `the stack ${environment}/${labels![LABELS.stage]}/${labels![LABELS.stack]} of another state`;
}
