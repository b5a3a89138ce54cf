import type { MlterraError } from '@mlterra/core';
import type { SynthesizedStack } from '@mlterra/engine/parts';
import type { DriftFault, Fault } from '../faults';
import type { BlockSchema, ProviderSchema } from '../schema/model';
import { didYouMean, faultImpossible } from './fault-errors';
import { attributeAt, typeText, valueAs } from './fault-value';
import { blocksOf, providerOf, requiredProviders } from './used-types';

/** One resource block of a stack. */
interface Block {
  readonly stack: string;
  readonly type: string;
  readonly address: string;
  /** Schema of its type where its provider is played. */
  readonly schema: BlockSchema | undefined;
  readonly source: string;
  /** `count` or `for_each` says how many there are. */
  readonly repeated: boolean;
}

/**
 * Holds faults against what is synthesised, before anything runs.
 * @param schemas of the providers that are played, alone or with the real one
 * @param onMisfit gets what cannot happen and is left out; without it this throws
 * @returns the faults that can happen; a drift with its stack, and its value as its attribute has it
 * @throws MlterraError
 */
export function checkFaults(
  faults: readonly Fault[],
  stacks: readonly SynthesizedStack[],
  schemas: readonly ProviderSchema[],
  onMisfit?: (fault: Fault, error: MlterraError) => void,
): readonly Fault[] {
  if (faults.length === 0) return [];
  const blocks = stacks.flatMap((stack) => blocksIn(stack, schemas));
  return faults.flatMap((fault) => {
    const checked = checkFault(fault, faults, blocks);
    if (!(checked instanceof Error)) return [checked];
    if (onMisfit === undefined) throw checked;
    onMisfit(fault, checked);
    return [];
  });
}

function checkFault(fault: Fault, all: readonly Fault[], blocks: readonly Block[]): Fault | MlterraError {
  if (fault.kind === 'drift') return checkDrift(fault, blocks);
  const { type } = fault;
  const ofType = blocks.filter((block) => block.type === type);
  if (ofType.length === 0) {
    const known = types(blocks.filter(({ schema }) => schema !== undefined));
    return faultImpossible(fault, `no stack has a ${type}`, didYouMean(type, known));
  }
  const played = ofType.filter(({ schema }) => schema !== undefined);
  if (played.length === 0) return notPlayed(fault, ofType[0]!, blocks);
  if (fault.kind === 'replace-on-change') {
    const wrong = checkAttribute(fault, played[0]!, fault.attribute);
    return wrong instanceof Error ? wrong : fault;
  }
  if (fault.kind === 'refuse-destroy' || played.some(({ repeated }) => repeated)) return fault;
  // What fails is created once more, which counts too.
  const again = all.filter(
    (other) =>
      (other.kind === 'fail-create' || other.kind === 'time-out') &&
      other.type === type &&
      other.nth < fault.nth,
  ).length;
  if (fault.nth <= played.length + again) return fault;
  const times = played.length === 1 ? 'once' : `${played.length} times`;
  return faultImpossible(fault, `${type} is created ${times}`, `a count from 1 to ${played.length + again}`);
}

function checkDrift(fault: DriftFault, blocks: readonly Block[]): Fault | MlterraError {
  const address = fault.address.replace(/\[.*$/, '');
  const named = blocks.filter((block) => block.address === address);
  const here = named.filter(({ stack }) => fault.stack === undefined || stack === fault.stack);
  if (here.length > 1) {
    const places = here.map(({ stack }) => `${stack}/${fault.address}`);
    return faultImpossible(fault, `${here.length} stacks have the address`, `one of: ${places.join(', ')}`);
  }
  const [block] = here;
  if (block === undefined) {
    if (named.length > 0) {
      const places = named.map(({ stack }) => `${stack}/${fault.address}`);
      return faultImpossible(fault, `${fault.stack} has no ${address}`, `one of: ${places.join(', ')}`);
    }
    const inStack = blocks.filter(({ stack }) => stack === fault.stack);
    const known = (inStack.length > 0 ? inStack : blocks).filter(({ schema }) => schema !== undefined);
    return faultImpossible(
      fault,
      `no stack has ${address}`,
      didYouMean(address, [...new Set(known.map((one) => one.address))].sort()),
    );
  }
  if (block.schema === undefined) return notPlayed(fault, block, blocks);
  const type = checkAttribute(fault, block, fault.attribute);
  if (type instanceof Error) return type;
  const fits = valueAs(type.type, fault.value);
  if (fits !== undefined) return { ...fault, stack: block.stack, value: fits.value };
  return faultImpossible(
    fault,
    `${JSON.stringify(fault.value)} is no value of ${block.type}.${fault.attribute}`,
    typeText(type.type),
  );
}

function checkAttribute(fault: Fault, { type, schema }: Block, attribute: string) {
  const found = attributeAt(schema!, attribute);
  if ('type' in found) return found;
  if ('block' in found) {
    const inside = found.known.map((name) => `${attribute}.${name}`);
    return faultImpossible(fault, `${attribute} is a block of ${type}`, `one of: ${inside.join(', ')}`);
  }
  return faultImpossible(
    fault,
    `${type} has no attribute ${attribute}`,
    didYouMean(found.unknown, found.known),
  );
}

function notPlayed(fault: Fault, { type, source }: Block, blocks: readonly Block[]): MlterraError {
  const builtIn = source.startsWith('terraform.io/builtin/');
  const known = types(blocks.filter(({ schema }) => schema !== undefined));
  return faultImpossible(
    fault,
    builtIn
      ? `${type} is of Terraform itself, which is not played`
      : `${type} is of ${source}, which is real here and not played`,
    known.length === 0 ? 'no type here is played' : `a type that is played: ${known.join(', ')}`,
  );
}

function types(blocks: readonly Block[]): string[] {
  return [...new Set(blocks.map(({ type }) => type))].sort();
}

function blocksIn({ key, config }: SynthesizedStack, schemas: readonly ProviderSchema[]): Block[] {
  const required = requiredProviders(config);
  return Object.entries(blocksOf(config, 'resource')).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => {
      const source = providerOf(type, block, required);
      return {
        stack: key,
        type,
        address: `${type}.${name}`,
        source,
        schema: schemas.find((one) => one.source === source)?.resources[type]?.block,
        repeated: 'count' in block || 'for_each' in block,
      };
    }),
  );
}
