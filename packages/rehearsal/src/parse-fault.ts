import type { DriftFault, Fault } from './faults';
import { MlterraError } from '@mlterra/core';

/** How each kind of fault is written, for help and errors. */
export const faultSyntax: Readonly<Record<Fault['kind'], string>> = {
  'fail-create': 'fail-create:<type>:<n>',
  'time-out': 'time-out:<type>:<n>',
  drift: 'drift:[<environment>/<stage>/<stack>/]<address>:<attribute>:<value>',
  'refuse-destroy': 'refuse-destroy:<type>:<times>',
  'replace-on-change': 'replace-on-change:<type>:<attribute>',
};

/**
 * Reads a fault from the command line, e.g. `fail-create:google_container_cluster:1`. A value is JSON where it can be,
 * and text otherwise.
 * @throws MlterraError
 */
export function parseFault(text: string): Fault {
  const [kind, first, second, ...rest] = text.split(':');
  if (first === undefined || first === '' || second === undefined || second === '') throw faultInvalid(text);
  const third = rest.join(':');
  if (kind !== 'drift' && rest.length > 0) throw faultInvalid(text);
  switch (kind) {
    case 'fail-create':
    case 'time-out':
      return { kind, type: first, nth: count(second, text) };
    case 'refuse-destroy':
      return { kind, type: first, times: count(second, text) };
    case 'replace-on-change':
      return { kind, type: first, attribute: second };
    case 'drift':
      if (rest.length === 0) throw faultInvalid(text);
      return { kind, ...placeOf(first, text), attribute: second, value: valueOf(third) };
    default:
      throw faultInvalid(text);
  }
}

/** The inverse of {@link parseFault}. */
export function formatFault(fault: Fault): string {
  const { kind, ...rest } = fault;
  const parts: readonly unknown[] =
    fault.kind === 'drift' ? [placeText(fault), fault.attribute, fault.value] : Object.values(rest);
  return [kind, ...parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))].join(':');
}

/** `gcp/dev/cluster/google_x.y["a/b"]` is a stack and an address. */
function placeOf(given: string, text: string): Pick<DriftFault, 'stack' | 'address'> {
  const [, stack, address] =
    /^(?:([^/[]+\/[^/[]+\/[^/[]+)\/)?([^/[.]+\.[^/[]+(?:\[.*\])?)$/.exec(given) ?? [];
  if (address === undefined) throw faultInvalid(text);
  return { ...(stack === undefined ? {} : { stack }), address };
}

function placeText({ stack, address }: DriftFault): string {
  return stack === undefined ? address : `${stack}/${address}`;
}

function count(given: string, text: string): number {
  if (!/^[1-9]\d*$/.test(given)) throw faultInvalid(text);
  return Number(given);
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function faultInvalid(given: string): MlterraError {
  return new MlterraError({
    code: 'rehearsal-fault',
    message: `"${given}" is no fault that can be rehearsed.`,
    expected: `one of\n${Object.values(faultSyntax)
      .map((syntax) => `              ${syntax}`)
      .join('\n')}\n            with counts from 1 on`,
  });
}
