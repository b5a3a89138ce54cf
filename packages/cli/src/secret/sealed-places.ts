import { rmSync } from 'node:fs';
import { SHARED_STAGE, Stack } from '@mlterra/core';
import { controllerOf, sealedOf, type ControllerLocation, type SealedFor } from '@mlterra/sealing';
import { controllerUnknown, sealedUnknown, stageNotSaid } from './errors';

type IConstruct = Parameters<typeof Stack.ofConstruct>[0];

/** A cluster as a file names it. */
export interface NamedCluster {
  readonly kubeconfig: string;
  readonly context: string;
}

/** A controller of an environment. */
export interface ControllerPlace {
  readonly stage: string;
  /** `<environment>/<stage>/<stack>` */
  readonly stack: string;
  readonly location: ControllerLocation;
  /** @default - a cloud describes it */
  readonly cluster?: NamedCluster;
}

/** A Secret that an environment wants to have sealed. */
export interface SealedPlace {
  readonly stage: string;
  readonly recipient: SealedFor;
  readonly file: string;
  readonly controller: ControllerPlace;
}

export interface SealedPlaces {
  readonly environment: string;
  readonly sealed: readonly SealedPlace[];
  readonly controllers: readonly ControllerPlace[];
}

/** What hooks of Kubernetes are told, as far as it is read here. */
const HOOKS = '@mlterra/kubernetes/hooks';

/**
 * What is sealed in the environment in `dir`, and the controllers; files may be missing.
 * @throws MlterraError where it has no such stage
 */
export async function sealedPlaces(dir: string, stage: string | undefined): Promise<SealedPlaces> {
  const { loadEnvironment, stageUnknown, temporaryFolder } = await import('@mlterra/engine/parts');
  const environment = loadEnvironment(dir);
  const { stageNames } = environment;
  if (stage !== undefined && !stageNames.includes(stage)) throw stageUnknown(stage, stageNames);
  const outdir = temporaryFolder('mlterra-secret-');
  try {
    const constructs = environment.build(outdir).node.findAll();
    return {
      environment: environment.name,
      sealed: constructs.flatMap((construct) => {
        const found = sealedOf(construct);
        if (found === undefined) return [];
        const { recipient, file, controller } = found;
        return [{ stage: stageOf(construct), recipient, file, controller: controllerPlace(controller) }];
      }),
      controllers: constructs.filter((each) => controllerOf(each) !== undefined).map(controllerPlace),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The one Secret of that name, in that stage if one is given. */
export function sealedNamed(
  { environment, sealed }: SealedPlaces,
  name: string,
  stage: string | undefined,
): SealedPlace {
  const found = inStage(sealed, stage).filter(({ recipient }) => recipient.name === name);
  if (found.length === 0) {
    throw sealedUnknown(
      environment,
      name,
      sealed.map((each) => `${each.recipient.name} (-c ${each.stage})`),
    );
  }
  if (found.length > 1) throw stageNotSaid(`a sealed secret "${name}"`, stagesOf(found));
  return found[0]!;
}

/** The one controller of a stage, or of what the stages share. */
export function controllerIn(
  { environment, controllers }: SealedPlaces,
  stage: string | undefined,
): ControllerPlace {
  const found = inStage(controllers, stage);
  const own = found.length > 0 ? found : controllers.filter((each) => each.stage === SHARED_STAGE);
  if (own.length === 0) throw controllerUnknown(environment, stage);
  if (own.length > 1) throw stageNotSaid('a controller', stagesOf(own));
  return own[0]!;
}

export function inStage<T extends { readonly stage: string }>(
  places: readonly T[],
  stage: string | undefined,
): readonly T[] {
  return places.filter((each) => stage === undefined || each.stage === stage);
}

function stagesOf(places: readonly { readonly stage: string }[]): readonly string[] {
  return [...new Set(places.map(({ stage }) => stage))];
}

function stageOf(construct: IConstruct): string {
  return Stack.ofConstruct(construct).stackKey.stage;
}

function controllerPlace(construct: IConstruct): ControllerPlace {
  const stack = Stack.ofConstruct(construct);
  const hooks = stack.hooks.find(({ module }) => module === HOOKS);
  const { cluster } = (hooks?.data ?? {}) as { readonly cluster?: NamedCluster | null };
  return {
    stage: stack.stackKey.stage,
    stack: stack.key,
    location: controllerOf(construct)!,
    ...(cluster ? { cluster } : {}),
  };
}
