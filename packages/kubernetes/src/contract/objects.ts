import type { ObjectFacts, Rehearsed } from '@mlterra/testing/contracts';
import { appliedReleases, type AppliedRelease } from './release';

/**
 * The objects that a stage puts on the cluster, Secrets included. The manifest of a Secret has its keys under `data`, and
 * no values.
 */
export function observeKubernetesObjects(stage: Rehearsed): readonly ObjectFacts[] {
  return appliedReleases(stage).flatMap((release) => [
    ...release.objects.map((object) => objectFacts(release, object as Manifest)),
    ...secretManifests(release).map((object) => objectFacts(release, object)),
  ]);
}

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

function objectFacts({ address, stack }: AppliedRelease, manifest: Manifest): ObjectFacts {
  const { apiVersion, kind, metadata: { name, namespace } = {} } = manifest;
  return { address: `${address} ${kind} ${name}`, stack, apiVersion, kind, name, namespace, manifest };
}

function secretManifests({ namespace, secrets, secretKinds }: AppliedRelease): readonly Manifest[] {
  return Object.entries(secrets).map(([name, data]) => {
    const { type = 'Opaque', labels = {} } = secretKinds[name] ?? {};
    const keys = Object.fromEntries(Object.keys(data).map((key) => [key, '']));
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type, data: keys };
  });
}
