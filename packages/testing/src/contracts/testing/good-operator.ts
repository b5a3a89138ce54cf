import type { ToolFacts } from '../tool/tool-facts';

const STACK = 'prod-vault';

/** A tool on Kubernetes that is an upstream chart, before it an operator, and objects for that. */
export const goodOperator: ToolFacts = {
  recipe: {
    tool: 'vault',
    expectations: {
      workloads: [],
      charts: [
        {
          chart: 'vault',
          repository: 'https://charts.example.org',
          secretNames: ['auth.existingSecret'],
          off: ['postgresql.enabled', 'redis.enabled'],
        },
        { chart: 'vault-operator', repository: 'oci://registry.example.org/charts', podSecurity: 'baseline' },
      ],
      objects: [
        { apiVersion: 'example.org/v1', kind: 'Vault', secretNames: ['spec.unseal.secretRef.name'] },
        { apiVersion: 'example.org/v1', kind: 'VaultClass' },
      ],
      services: ['vault'],
    },
  },
  stack: STACK,
  workloads: [],
  tasks: [],
  charts: [
    {
      address: 'helm_release.vault',
      stack: STACK,
      namespace: STACK,
      chart: 'vault',
      repository: 'https://charts.example.org',
      version: '1.2.3',
      values: {
        auth: { existingSecret: 'vault-auth', existingSecretPasswordKey: 'password' },
        postgresql: { enabled: false },
        redis: { enabled: false },
        host: 'vault.example.org',
      },
      plainText: ['host: vault.example.org', 'existingSecret: vault-auth'],
      atomic: true,
      egress: [{ hosts: ['database.prod-database.svc'], ports: [5432] }],
    },
    {
      address: 'helm_release.operator',
      stack: 'prod-vault-operator',
      namespace: 'prod-vault-operator',
      chart: 'vault-operator',
      repository: 'oci://registry.example.org/charts',
      version: 'v0.9.1',
      values: {},
      plainText: [],
      atomic: true,
      egress: [{ cidrs: ['0.0.0.0/0'], ports: [443, 6443] }],
    },
  ],
  objects: [
    namespace(STACK, 'restricted'),
    namespace('prod-vault-operator', 'baseline'),
    secret('vault-auth'),
    secret('vault-unseal'),
    {
      address: 'helm_release.kubernetes Vault main',
      stack: STACK,
      apiVersion: 'example.org/v1',
      kind: 'Vault',
      name: 'main',
      namespace: STACK,
      manifest: { spec: { unseal: { secretRef: { name: 'vault-unseal' } }, note: 'main' } },
    },
    {
      address: 'helm_release.kubernetes VaultClass default',
      stack: STACK,
      apiVersion: 'example.org/v1',
      kind: 'VaultClass',
      name: 'default',
      manifest: { spec: {} },
    },
  ],
  postgresServers: [],
  objectStores: [],
  services: [{ name: 'vault', url: 'https://vault.example.org', username: '', password: '' }],
  plainOutputs: {},
  secrets: ['Kq8vTn2mXw4zRb7y'],
};

function namespace(name: string, podSecurity: string): ToolFacts['objects'][number] {
  return {
    address: 'helm_release.kubernetes',
    stack: name,
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    manifest: { metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': podSecurity } } },
  };
}

function secret(name: string): ToolFacts['objects'][number] {
  return {
    address: 'helm_release.kubernetes',
    stack: STACK,
    apiVersion: 'v1',
    kind: 'Secret',
    name,
    namespace: STACK,
    manifest: { data: { password: '' } },
  };
}
