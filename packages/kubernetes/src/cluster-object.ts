import type { ObjectManifest } from '@mlterra/core';
import type { Construct } from 'constructs';
import type { KubernetesStack } from './kubernetes-stack';
import type { KubernetesObject } from './object';
import { renderTree } from './render-tree';

/** An object as the local chart prints it, with the labels of the stack. */
export function clusterObject(
  scope: Construct,
  stack: KubernetesStack,
  { apiVersion, kind, metadata, clusterScoped, content }: ObjectManifest,
): KubernetesObject {
  const { name, namespace = stack.namespace, labels, annotations } = metadata;
  const tree = {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(clusterScoped ? {} : { namespace }),
      labels: { ...stack.labels, ...labels },
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...content,
  };
  return renderTree(scope, `${kind} "${name}"`, tree) as KubernetesObject;
}
