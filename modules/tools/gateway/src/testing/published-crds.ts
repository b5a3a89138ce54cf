import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { chartMirror, helmBinary } from '@mlterra/testbed';
import { parseAllDocuments } from 'yaml';

type Json = Readonly<Record<string, unknown>>;

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** The chart that has them all, which Helm can print but not install. */
const CHART = `gateway-crds-helm-${catalogue.envoyGateway.chart.version}.tgz`;

/** The definitions of both groups as upstream publishes them, without their descriptions. */
export async function publishedCrds(): Promise<Readonly<Record<'gateway-api' | 'envoy-gateway', unknown[]>>> {
  const values = ['gatewayAPI.enabled=true', 'gatewayAPI.channel=standard', 'envoyGateway.enabled=true'];
  const printed = execFileSync(
    await helmBinary(),
    [
      'template',
      'crds',
      join(await chartMirror(), CHART),
      ...values.flatMap((each) => ['--set', `crds.${each}`]),
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const all = parseAllDocuments(printed)
    .map((document) => document.toJS() as Definition | null)
    .filter((each) => each?.kind === 'CustomResourceDefinition')
    .map((each) => each!);
  const ofGroup = (group: string): unknown[] =>
    all.filter(({ metadata }) => metadata.name.endsWith(`.${group}`)).map(withoutDescriptions);
  return {
    'gateway-api': ofGroup('gateway.networking.k8s.io'),
    'envoy-gateway': ofGroup('gateway.envoyproxy.io'),
  };
}

/** A schema without the texts that say what its fields mean; a field that is named so stays. */
function withoutDescriptions(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDescriptions);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema as Json).flatMap(([key, value]) => {
      if (key === 'description' && typeof value === 'string') return [];
      if (key === 'default' || key === 'enum') return [[key, value]];
      if (key !== 'properties') return [[key, withoutDescriptions(value)]];
      const fields = Object.entries(value as Json).map(([name, field]) => [name, withoutDescriptions(field)]);
      return [[key, Object.fromEntries(fields)]];
    }),
  );
}
