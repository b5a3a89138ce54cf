import type { Diagnostic } from '../protocol/messages';
import { error } from '../protocol/messages';
import type { ObjectValue, Value } from '../protocol/values';
import { isObject } from '../protocol/values';
import type { AttributeSchema, BlockSchema } from '../schema/model';

type Path = readonly (string | number)[];

/**
 * What Terraform leaves to providers to check, as far as a schema says it: that a required argument is not null, and
 * that nobody sets what the provider decides.
 */
export function validateConfig(block: BlockSchema, config: Value): Diagnostic[] {
  return isObject(config) ? validateBlock(block, config, []) : [];
}

function validateBlock(block: BlockSchema, config: ObjectValue, path: Path): Diagnostic[] {
  const nested = Object.entries(block.blocks).flatMap(([name, inner]) =>
    elements(config[name], [...path, name]).flatMap(([element, at]) =>
      validateBlock(inner.block, element, at),
    ),
  );
  return [...validateAttributes(block.attributes, config, path), ...nested];
}

function validateAttributes(
  attributes: Readonly<Record<string, AttributeSchema>>,
  config: ObjectValue,
  path: Path,
): Diagnostic[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const value = config[name] ?? null;
    const at = [...path, name];
    if (value === null) return attribute.required ? [missing(name, at)] : [];
    if (!attribute.required && !attribute.optional) return [unconfigurable(name, at)];
    const { nested } = attribute;
    if (!nested) return [];
    return elements(value, at).flatMap(([element, inner]) =>
      validateAttributes(nested.attributes, element, inner),
    );
  });
}

/** The objects a nested value is made of. An element of a set or map is no place Terraform can point to. */
function elements(value: Value | undefined, path: Path): (readonly [ObjectValue, Path])[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) =>
      isObject(element) ? [[element, [...path, index]] as const] : [],
    );
  }
  return isObject(value) ? [[value, path]] : [];
}

function missing(name: string, path: Path): Diagnostic {
  const detail = `The argument "${name}" is required, but it is null.`;
  return error('Missing required argument', detail, ...path);
}

function unconfigurable(name: string, path: Path): Diagnostic {
  const detail = `Can't configure a value for "${name}": the provider decides it.`;
  return error('Value for unconfigurable attribute', detail, ...path);
}
