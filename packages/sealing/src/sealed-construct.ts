import type { IConstruct } from 'constructs';
import type { ControllerLocation } from './controller';
import type { SealedFor } from './seal-value';

const SEALED = Symbol.for('mlterra/sealed');
const CONTROLLER = Symbol.for('mlterra/sealingController');

/** A Secret that an environment wants to have sealed in a file. */
export interface SealedDescription {
  readonly recipient: SealedFor;
  /** Absolute path. */
  readonly file: string;
  /** The construct of the controller that opens it. */
  readonly controller: IConstruct;
}

/** Says that a construct takes a sealed file; `mlterra secret` finds it by that. */
export function describeSealed(construct: IConstruct, description: SealedDescription): void {
  Object.defineProperty(construct, SEALED, { value: description });
}

/** What a construct, of whatever copy of this package, wants to have sealed; undefined where that is nothing. */
export function sealedOf(construct: IConstruct): SealedDescription | undefined {
  return (construct as { readonly [SEALED]?: SealedDescription })[SEALED];
}

/** Says that a construct is a controller. */
export function describeController(construct: IConstruct, location: ControllerLocation): void {
  Object.defineProperty(construct, CONTROLLER, { value: location });
}

/** Where the controller is that a construct, of whatever copy of this package, is; undefined where it is none. */
export function controllerOf(construct: IConstruct): ControllerLocation | undefined {
  return (construct as { readonly [CONTROLLER]?: ControllerLocation })[CONTROLLER];
}
