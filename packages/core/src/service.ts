import { TerraformOutput } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { renderLiteral } from './literal';
import { StackOutput } from './outputs';
import { Stack } from './stack';
import { MountPath, Secret, valueParts, type Value } from './value';

/** Outputs with this prefix describe a service; `mlterra output` gathers them. */
export const SERVICE_OUTPUT_PREFIX = 'service_';

/** A thing that people or programs connect to. */
export interface ServiceProps {
  /** Name, unique in the stack, e.g. `mlflow`. */
  readonly name: string;
  readonly url: Value;
  /** User to log in as. @default - no credentials are needed */
  readonly username?: string;
  /** Password of that user, by reference. @default - no credentials are needed */
  readonly password?: Secret;
}

/** The value of a service output. */
export interface ServiceOutput {
  readonly name: string;
  readonly url: string;
  /** Empty when no credentials are needed. */
  readonly username: string;
  /** Reference of the secret in the platform's terms; empty when no credentials are needed. */
  readonly password: string;
}

const SERVICES = Symbol.for('mlterra/services');

type Announcing = IConstruct & { [SERVICES]?: ServiceProps[] };

/** Services that a stack announces, of whatever copy of this package. */
export function servicesOf(stack: IConstruct): readonly ServiceProps[] {
  return (stack as Announcing)[SERVICES] ?? [];
}

/** Announces a service in the outputs of the stack. */
export function exportService(scope: Construct, props: ServiceProps): void {
  const url = valueParts(props.url)
    .map((part) => {
      if (part instanceof StackOutput) return part.at(scope);
      if (part instanceof Secret || part instanceof MountPath) {
        throw new TypeError(`${scope.node.path}: the URL of a service holds no secret and no mount path`);
      }
      return renderLiteral(part);
    })
    .join('');
  const value: ServiceOutput = {
    name: renderLiteral(props.name),
    url,
    username: renderLiteral(props.username ?? ''),
    password: props.password?.referenceAt(scope) ?? '',
  };
  const stack = Stack.ofConstruct(scope);
  const name = SERVICE_OUTPUT_PREFIX + props.name.replace(/[^a-z0-9]/g, '_');
  stack.claimOutput(name, scope.node.path);
  new TerraformOutput(stack, `Service-${props.name}`, { value }).overrideLogicalId(name);
  ((stack as Announcing)[SERVICES] ??= []).push(props);
}
