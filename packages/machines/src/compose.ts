export type { ComposeFile } from './compose/compose-file';
export {
  composeProject,
  type ComposePart,
  type ComposeProject,
  type ComposeProjectProps,
} from './compose/compose-project';
export type { ComposeDocument, ComposeService } from './compose/document';
export { plainResolver, type PlainResolverProps } from './compose/plain-resolver';
export type { PortBinding } from './compose/port-binding';
export { serviceName } from './compose/service-name';
export { terraformResolver } from './compose/terraform-resolver';
export type { ValueResolver } from './compose/value-resolver';
