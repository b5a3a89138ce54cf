import { createHash } from 'node:crypto';
import type { StateLocation } from '@mlterra/core';
import stringify from 'safe-stable-stringify';
import { canonicalJson } from '../state/lossless';
import type { Asset } from '../synth/assets';
import { MODULES } from '../inputs/module-folder';
import type { TerraformConfig } from '../synth/synthesize';
import { targetDifferences, type RecordedTargets } from './recorded-targets';

/**
 * What a stack is made of, as one hash per part, so that a difference can be named. Equal digests mean
 * that an apply would find nothing to do, as long as nothing was changed behind Terraform's back.
 */
export interface Digest {
  /** Synthesised configuration without metadata. */
  readonly config: string;
  /** Files beside it, but local modules. */
  readonly assets: string;
  /** Entries of the provider lock for the providers it uses. */
  readonly providers: string;
  /** Name, major and minor version of the engine, in clear. */
  readonly engine: string;
  /** Where its state lies. */
  readonly backend: string;
  /** Hash of every upstream output it reads, by `<stack key>#<output>`. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Hash of every input from outside, by what it is: `variable size`, `file /data.txt`. @default - there is none */
  readonly outside?: Readonly<Record<string, string>>;
  /** Where the environment of the caller led, in clear. @default - the source names all of it */
  readonly targets?: RecordedTargets;
}

export function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Hash of a JSON value, whatever the order of its keys. */
export function hashValue(value: unknown): string {
  return hash(stringify(value) ?? 'undefined');
}

export interface DigestParts {
  readonly config: TerraformConfig;
  readonly assets: readonly Asset[];
  /** Texts of the lock entries, sorted. */
  readonly lockEntries: readonly string[];
  readonly engine: string;
  readonly location: StateLocation;
  /** Values as the state holds them, by `<stack key>#<output>`. */
  readonly upstream: Readonly<Record<string, unknown>>;
  /** Hashes of inputs from outside. */
  readonly outside: Readonly<Record<string, string>>;
  readonly targets: RecordedTargets;
}

export function digestOf(parts: DigestParts): Digest {
  return {
    config: hashValue(withoutMetadata(parts.config)),
    assets: hash(
      parts.assets
        .filter((asset) => !asset.path.startsWith(MODULES))
        .map((asset) => `${asset.path}\0${hash(asset.content)}\n`)
        .join(''),
    ),
    providers: hash(parts.lockEntries.join('\n')),
    engine: parts.engine,
    backend: hashValue(parts.location),
    upstream: Object.fromEntries(
      Object.entries(parts.upstream).map(([output, value]) => [output, hash(canonicalJson(value))]),
    ),
    // Left out where there is none, so that stamps of stacks without any stay as they are.
    ...(Object.keys(parts.outside).length === 0 ? {} : { outside: parts.outside }),
    ...(Object.keys(parts.targets).length === 0 ? {} : { targets: parts.targets }),
  };
}

/** CDKTF keeps construct paths and its own version under `//`: Terraform does not see them. */
function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .map(([key, child]) => [key, withoutMetadata(child)]),
  );
}

/** Why two digests differ, in words; empty where they are equal. */
export function differences(applied: Digest, wanted: Digest): readonly string[] {
  const reasons: string[] = [];
  if (applied.config !== wanted.config) reasons.push('its configuration changed');
  if (applied.assets !== wanted.assets) reasons.push('a file beside its configuration changed');
  if (applied.providers !== wanted.providers) reasons.push('its provider lock changed');
  if (applied.engine !== wanted.engine)
    reasons.push(`the engine changed: ${applied.engine} -> ${wanted.engine}`);
  if (applied.backend !== wanted.backend) reasons.push('its state moved');
  const outputs = new Set([...Object.keys(applied.upstream), ...Object.keys(wanted.upstream)]);
  for (const output of [...outputs].sort()) {
    if (applied.upstream[output] !== wanted.upstream[output]) {
      const [stack, name] = output.split('#');
      reasons.push(`the output ${name} of ${stack} changed`);
    }
  }
  const inputs = new Set([...Object.keys(applied.outside ?? {}), ...Object.keys(wanted.outside ?? {})]);
  for (const input of [...inputs].sort()) {
    if (applied.outside?.[input] !== wanted.outside?.[input]) reasons.push(`the ${input} changed`);
  }
  return [...reasons, ...targetDifferences(applied.targets, wanted.targets)];
}
