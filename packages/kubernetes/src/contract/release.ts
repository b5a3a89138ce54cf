import type { Rehearsed } from '@mlterra/testing/contracts';
import type { AppliedObject } from './applied-object';
import { readSetName, readSetValue } from './set-syntax';

/** A release as it reached the cluster. */
export interface AppliedRelease {
  /** Address of the Terraform resource. */
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack: string;
  readonly objects: readonly AppliedObject[];
  /** Values of Secrets by name and key, as Helm reads them. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
  /** Values that Helm keeps in the open. */
  readonly plainText: readonly string[];
}

type ReleaseResource = ReturnType<Rehearsed['resources']>[number];

/** Reads the releases of this package's chart among those of a stage. */
export function appliedReleases(stage: Rehearsed): readonly AppliedRelease[] {
  return stage.resources('helm_release').flatMap((resource) => appliedRelease(resource) ?? []);
}

function appliedRelease(resource: ReleaseResource): AppliedRelease | undefined {
  const texts = strings(resource.values.values);
  const values = texts.flatMap((text) => parse(text) ?? []).find((each) => Array.isArray(each.objects));
  if (values === undefined) return undefined;
  const plain = settings(resource.values.set);
  return {
    address: resource.address,
    stack: resource.stack,
    objects: values.objects as readonly AppliedObject[],
    secrets: secretsOf([...plain, ...settings(resource.values.set_sensitive)]),
    plainText: [...texts, ...plain.map(({ value }) => value)],
  };
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

function secretsOf(all: readonly Setting[]): Record<string, Record<string, string | undefined>> {
  const secrets: Record<string, Record<string, string | undefined>> = {};
  for (const { name, value } of all) {
    const [root, secret, key, ...rest] = readSetName(name);
    if (root !== 'secrets' || secret === undefined || key === undefined || rest.length > 0) continue;
    (secrets[secret] ??= {})[key] = readSetValue(value);
  }
  return secrets;
}

function parse(text: string): { readonly objects?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly objects?: unknown };
  } catch {
    return undefined;
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function settings(value: unknown): readonly Setting[] {
  return Array.isArray(value) ? (value as readonly Setting[]) : [];
}
