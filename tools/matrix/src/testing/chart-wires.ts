import { found, type Applied } from './applied';
import type { Wire } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- values of resources have any shape */

const OPERATOR = 'prod-cert-manager-operator';
const CHART = 'cert-manager';

/** Values of the release of an upstream chart. */
function release(applied: Applied): any {
  return found(
    applied.all(OPERATOR, 'helm_release').find(({ chart }) => chart === CHART),
    CHART,
  );
}

/** Changes what the chart is told. */
function told(applied: Applied, change: (values: any) => void): void {
  const resource = release(applied);
  const values = JSON.parse(resource.values[0]);
  change(values);
  resource.values[0] = JSON.stringify(values);
}

/** Changes the objects of a stack as they reach the cluster. */
function objects(applied: Applied, stack: string, change: (objects: any[]) => any[]): void {
  const resource = found(
    applied.all(stack, 'helm_release').find(({ values }) => Array.isArray(JSON.parse(values[0]).objects)),
    `${stack} objects`,
  );
  const values = JSON.parse(resource.values[0]);
  values.objects = change(values.objects);
  resource.values[0] = JSON.stringify(values);
}

/** Changes the policies of MLflow that are about what gets out. */
function egress(applied: Applied, change: (spec: any) => void): void {
  objects(applied, 'prod-mlflow', (all) => {
    const policies = all.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.egress);
    found(policies[0], 'policy');
    for (const { spec } of policies) change(spec);
    return all;
  });
}

/** Faults in what is there after an apply on a cluster: charts, objects, and what programs connect to. */
export const chartWires: readonly Wire[] = [
  {
    cut: 'a chart in any version of a range',
    tool: 'cert-manager',
    check: 'charts',
    says: 'the version of cert-manager is ">= 1.0.0"',
    spoil: (applied) => (release(applied).version = '>= 1.0.0'),
  },
  {
    cut: 'a chart from somewhere else',
    tool: 'cert-manager',
    check: 'charts',
    says: 'the repository of cert-manager is "https://charts.example.org"',
    spoil: (applied) => (release(applied).repository = 'https://charts.example.org'),
  },
  {
    cut: 'a release of a chart that the catalogue does not name',
    tool: 'cert-manager',
    check: 'catalogued',
    says: /the chart ".* cert-manager v0\.1\.0" is in no entry of the catalogue/,
    spoil: (applied) => (release(applied).version = 'v0.1.0'),
  },
  {
    cut: 'a password in the values of a chart',
    tool: 'cert-manager',
    check: 'chart-values',
    says: 'the value auth.password is plain text',
    spoil: (applied) => told(applied, (values) => (values.auth = { password: 'hunter2' })),
  },
  {
    cut: 'a part of a chart that is on',
    tool: 'cert-manager',
    check: 'chart-bundled-off',
    says: 'the value prometheus.enabled is true, expected false',
    spoil: (applied) => told(applied, (values) => (values.prometheus = { enabled: true })),
  },
  {
    cut: 'a namespace that admits everything',
    tool: 'cert-manager',
    check: 'pod-security',
    says: 'is "privileged", expected restricted',
    spoil: (applied) =>
      objects(applied, OPERATOR, (all) => {
        const { metadata } = all.find(({ kind }) => kind === 'Namespace');
        metadata.labels['pod-security.kubernetes.io/enforce'] = 'privileged';
        return all;
      }),
  },
  {
    cut: 'a chart that connects to what it likes',
    tool: 'cert-manager',
    check: 'egress',
    says: 'what it may connect to is "free", expected named peers only',
    spoil: (applied) =>
      objects(applied, OPERATOR, (all) => all.filter(({ kind }) => kind !== 'NetworkPolicy')),
  },
  {
    cut: 'an object that is gone',
    tool: 'nfs-storage',
    check: 'objects',
    says: 'expected storage.k8s.io/v1 StorageClass among them',
    spoil: (applied) =>
      objects(applied, 'prod-nfs-storage', (all) => all.filter(({ kind }) => kind !== 'StorageClass')),
  },
  {
    cut: 'a policy that does not let a program out to its database',
    check: 'egress',
    says: /no policy lets it out to .*:\d+, which is the URL in the variable MLFLOW_BACKEND_STORE_URI/,
    spoil: (applied) => egress(applied, (spec) => (spec.egress = [])),
  },
  {
    cut: 'a policy that lets a program out to all ports of everything',
    check: 'egress',
    says: 'expected named ports',
    spoil: (applied) => egress(applied, (spec) => spec.egress.push({})),
  },
];
