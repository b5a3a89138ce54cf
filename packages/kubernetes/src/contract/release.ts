import type { Rehearsed } from '@mlterra/testing/contracts';
import type { AppliedObject } from './applied-object';
import { readSetName, readSetValue } from './set-syntax';

/** A release as it reached the cluster. */
export interface AppliedRelease {
  /** Address of the Terraform resource. */
  readonly address: string;
  /** `<stage>-<stack>` it is in. */
  readonly stack: string;
  /** Of the stack: that of its Secrets. */
  readonly namespace: string;
  readonly objects: readonly AppliedObject[];
  /** Types and labels of Secrets by name, where they are not the usual ones. */
  readonly secretKinds: Readonly<Record<string, SecretKind>>;
  /** Values of Secrets by name and key, as Helm reads them. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
  /** Values that Helm keeps in the open. */
  readonly plainText: readonly string[];
  /** Objects of all releases of the stage. */
  readonly stageObjects: readonly AppliedObject[];
}

export interface SecretKind {
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type ReleaseResource = ReturnType<Rehearsed['resources']>[number];

/** Reads the releases of this package's chart among those of a stage. */
export function appliedReleases(stage: Rehearsed): readonly AppliedRelease[] {
  const releases = stage.resources('helm_release').flatMap((resource) => appliedRelease(resource) ?? []);
  const stageObjects = releases.flatMap(({ objects }) => objects);
  return releases.map((release) => ({ ...release, stageObjects }));
}

/** The releases of other charts in a stage. */
export function otherReleases(stage: Rehearsed): readonly ReleaseResource[] {
  return stage.resources('helm_release').filter((resource) => appliedRelease(resource) === undefined);
}

/** Texts of a release that Helm keeps in the open. */
export function plainTexts({ values }: ReleaseResource): readonly string[] {
  return [...strings(values.values), ...settings(values.set).map(({ value }) => value)];
}

function appliedRelease(resource: ReleaseResource): Omit<AppliedRelease, 'stageObjects'> | undefined {
  const values = strings(resource.values.values)
    .flatMap((text) => parse(text) ?? [])
    .find((each) => Array.isArray(each.objects) && typeof each.namespace === 'string');
  if (values === undefined) return undefined;
  const plain = settings(resource.values.set);
  return {
    address: resource.address,
    stack: resource.stack,
    namespace: values.namespace as string,
    objects: values.objects as readonly AppliedObject[],
    secretKinds: values.secretKinds ?? {},
    secrets: secretsOf([...plain, ...settings(resource.values.set_sensitive)]),
    plainText: plainTexts(resource),
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

interface ReleaseValues {
  readonly namespace?: unknown;
  readonly objects?: unknown;
  readonly secretKinds?: Readonly<Record<string, SecretKind>>;
}

function parse(text: string): ReleaseValues | undefined {
  try {
    return JSON.parse(text) as ReleaseValues;
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
