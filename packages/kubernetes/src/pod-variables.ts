import { ClusterSecretKey, holdsSecret, Secret, Stack, valueParts, type Value } from '@mlterra/core';
import type { k8s } from 'cdk8s-plus-33';
import type { Construct } from 'constructs';
import { clusterSecretElsewhere, clusterSecretInFile } from './errors';
import type { KubernetesStack } from './kubernetes-stack';
import { escapeExpansion, renderText } from './render-text';
import type { WorkloadData } from './workload-data';

export interface PodVariablesProps {
  readonly container: string;
  readonly variable: string;
  readonly value: Value;
  /** Name of the workload's Secret. */
  readonly secretName: string;
  readonly data: WorkloadData;
}

/**
 * A variable of a container. What is secret comes from Secrets; a text around a key of somebody else's Secret is put
 * together by Kubernetes, from a variable before it for each secret in it.
 * @param scope the workload
 */
export function podVariables(scope: Construct, props: PodVariablesProps): readonly k8s.EnvVar[] {
  const { variable, value } = props;
  const parts = valueParts(value);
  if (!parts.some((part) => part instanceof ClusterSecretKey)) return [ownVariable(scope, props)];
  if (value instanceof ClusterSecretKey) return [otherVariable(scope, variable, value, props.data)];
  const before: k8s.EnvVar[] = [];
  const text = parts.map((part) => {
    if (!(part instanceof Secret)) return renderText(scope, part, escapeExpansion);
    const name = `${variable}_SECRET_${before.length + 1}`;
    before.push(
      part instanceof ClusterSecretKey
        ? otherVariable(scope, name, part, props.data)
        : ownVariable(scope, { ...props, variable: name, value: part }),
    );
    return `$(${name})`;
  });
  return [...before, { name: variable, value: text.join('') }];
}

/** Files are texts of Terraform, which knows nothing of what is in Secrets of others. */
export function checkFile(scope: Construct, file: string, value: Value): void {
  const other = valueParts(value).find((part) => part instanceof ClusterSecretKey);
  if (other !== undefined) throw clusterSecretInFile(scope.node.path, file, nameOf(other));
}

function ownVariable(
  scope: Construct,
  { container, variable, value, secretName, data }: PodVariablesProps,
): k8s.EnvVar {
  if (!holdsSecret(value)) return { name: variable, value: renderText(scope, value, escapeExpansion) };
  const { key } = data.addVariable(container, variable, value);
  return { name: variable, valueFrom: { secretKeyRef: { name: secretName, key } } };
}

function otherVariable(
  scope: Construct,
  variable: string,
  held: ClusterSecretKey,
  data: WorkloadData,
): k8s.EnvVar {
  const { secret, key, version } = held;
  const { namespace } = Stack.ofConstruct(scope).node.findChild('Kubernetes') as KubernetesStack;
  if (secret.namespace !== namespace) throw clusterSecretElsewhere(scope.node.path, nameOf(held), namespace);
  if (version !== undefined) data.others[secret.name] = version;
  return { name: variable, valueFrom: { secretKeyRef: { name: secret.name, key } } };
}

function nameOf({ secret, key }: ClusterSecretKey): string {
  return `${secret.namespace}/${secret.name}/${key}`;
}
