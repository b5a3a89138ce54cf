import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { literal } from './preparations';

/** The parts of a manifest that the chart sets. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string };
  readonly spec?: unknown;
}

interface Deployment {
  replicas: unknown;
  template: {
    spec: {
      containers: {
        image: unknown;
        imagePullPolicy: unknown;
        args: string[];
        env: { name: string; value?: unknown }[];
        resources: unknown;
      }[];
    };
  };
}

const NAMESPACE = 'cnpg-system';

/**
 * Makes templates of the manifests of a release of CloudNativePG: in the namespace of the Helm release, with the image,
 * replicas and resources of the values, and definitions that stay when the Helm release goes, as in the upstream chart.
 */
export function addCloudNativePgManifests(version: string): (chart: string, module: string) => void {
  return (chart, module) => {
    const text = readFileSync(join(module, 'releases', `cnpg-${version}.yaml`), 'utf8');
    const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
    const others = manifests.filter(
      ({ kind }) => kind !== 'CustomResourceDefinition' && kind !== 'Namespace',
    );
    for (const manifest of definitions) {
      Object.assign(manifest.metadata, {
        annotations: { ...annotations(manifest), 'helm.sh/resource-policy': 'keep' },
      });
    }
    const templates = join(chart, 'templates');
    const crds = print(definitions);
    writeFileSync(join(templates, 'crds.yaml'), `{{- if .Values.crds.create }}\n${crds}{{- end }}\n`);
    writeFileSync(join(templates, 'operator.yaml'), print(others.map(withValues)));
  };
}

function annotations({ metadata }: Manifest): object {
  return (metadata as { annotations?: object }).annotations ?? {};
}

function print(manifests: readonly unknown[]): string {
  return manifests
    .map((manifest) => `---\n${literal(stringify(manifest, { lineWidth: 0 }))}`)
    .join('')
    .replace(/['"]?<<(.*?)>>['"]?/g, (_, expression: string) => `{{ ${expression} }}`)
    .replace(new RegExp(`(namespace: )${NAMESPACE}$`, 'gm'), '$1{{ .Release.Namespace }}');
}

/** Expressions of Helm are between `<<` and `>>` until they are printed. */
function withValues(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Deployment') return manifest;
  const spec = manifest.spec as Deployment;
  const [container] = spec.template.spec.containers;
  if (container === undefined) return manifest;
  const image = '<<.Values.image.repository>>:<<.Values.image.tag | default .Chart.AppVersion>>';
  spec.replicas = '<<.Values.replicaCount>>';
  container.image = image;
  container.imagePullPolicy = '<<.Values.image.pullPolicy>>';
  container.resources = '<<toJson .Values.resources>>';
  for (const variable of container.env) {
    if (variable.name === 'OPERATOR_IMAGE_NAME') variable.value = image;
  }
  return manifest;
}
