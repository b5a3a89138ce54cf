import { found, type Applied } from './applied';
import type { Wire } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- values of resources have any shape */

const STACK = 'prod-mlflow';

/** Changes the objects of the release as they reach the cluster. */
function objects(applied: Applied, change: (objects: any[]) => void): void {
  const values = applied.values(STACK, 'helm_release');
  const parsed = JSON.parse(values.values[0]);
  change(parsed.objects);
  values.values = [JSON.stringify(parsed), ...values.values.slice(1)];
}

function object(applied: Applied, kind: string, change: (object: any) => void): void {
  objects(applied, (all) =>
    change(
      found(
        all.find((each) => each.kind === kind),
        kind,
      ),
    ),
  );
}

function pod(applied: Applied, change: (pod: any) => void): void {
  object(applied, 'Deployment', ({ spec }) => change(spec.template.spec));
}

function container(applied: Applied, change: (container: any) => void): void {
  pod(applied, ({ containers }) => change(containers[0]));
}

/** The value of a Secret that a variable is taken from. */
function secret(applied: Applied, name: RegExp): { name: string; value: string } {
  const all: { name: string; value: string }[] = applied.values(STACK, 'helm_release').set_sensitive;
  return found(
    all.find((each) => name.test(each.name)),
    String(name),
  );
}

const DATABASE = /variable-MLFLOW-BACKEND-STORE-URI/;

/** Faults in what is there after an apply on Google Cloud. */
export const gcpWires: readonly Wire[] = [
  {
    cut: 'the missing grant',
    check: 'grants',
    says: /google_storage_bucket\..*: the list of those with a grant is \[\], expected principal:.* among them/,
    spoil: (applied) => applied.remove(STACK, 'google_storage_bucket_iam_member'),
  },
  {
    cut: 'a grant to somebody else',
    check: 'grants',
    says: 'a member of a grant is "user:somebody@example.org"',
    spoil: (applied) =>
      (applied.values(STACK, 'google_storage_bucket_iam_member').member = 'user:somebody@example.org'),
  },
  {
    cut: 'a grant that allows too much',
    check: 'grants',
    says: 'is "roles/storage.admin", expected one that allows no more than objects',
    spoil: (applied) =>
      (applied.values(STACK, 'google_storage_bucket_iam_member').role = 'roles/storage.admin'),
  },
  {
    cut: 'a program that runs as another service account',
    check: 'grants',
    says: 'who it is to the cloud is not known',
    spoil: (applied) => pod(applied, (spec) => (spec.serviceAccountName = 'default')),
  },
  {
    cut: 'a database URL with the host of nothing',
    check: 'database-url',
    says: 'the host of the database URL in the variable MLFLOW_BACKEND_STORE_URI is "10.99.99.99"',
    spoil: (applied) => {
      const entry = secret(applied, DATABASE);
      entry.value = entry.value.replace(/@[^:/]+/, '@10.99.99.99');
    },
  },
  {
    cut: 'a user that nobody makes',
    check: 'database-url',
    says: 'the database of the database URL in the variable MLFLOW_BACKEND_STORE_URI is "mlflow_prod"',
    spoil: (applied) => applied.remove(STACK, 'google_sql_user'),
  },
  {
    cut: 'a password that is not the user’s',
    check: 'database-url',
    says: 'is not the password of mlflow_prod',
    spoil: (applied) => {
      const entry = secret(applied, DATABASE);
      entry.value = entry.value.replace(/:[^:@]+@/, ':hunter2@');
    },
  },
  {
    cut: 'a database URL without TLS',
    check: 'database-tls',
    says: 'sslmode of the database URL in the variable MLFLOW_BACKEND_STORE_URI is not known',
    spoil: (applied) => {
      const entry = secret(applied, DATABASE);
      entry.value = entry.value.replace(/\?.*$/, '');
    },
  },
  {
    cut: 'a key of a Secret that is not there',
    check: 'secrets-given',
    says: 'the length of the secret in the variable MLFLOW_FLASK_SERVER_SECRET_KEY is 0',
    spoil: (applied) => {
      const release = applied.values(STACK, 'helm_release');
      release.set_sensitive = release.set_sensitive.filter(
        ({ name }: { name: string }) => !name.includes('MLFLOW-FLASK-SERVER-SECRET-KEY'),
      );
    },
  },
  {
    cut: 'a secret as plain text',
    check: 'credentials-by-reference',
    says: 'the secret in the variable MLFLOW_BACKEND_STORE_URI is plain text, expected a reference',
    spoil: (applied) =>
      container(applied, ({ env }) => {
        const entry = found<any>(
          env.find(({ name }: { name: string }) => name === 'MLFLOW_BACKEND_STORE_URI'),
          'variable',
        );
        delete entry.valueFrom;
        entry.value = secret(applied, DATABASE).value;
      }),
  },
  {
    cut: 'a generated password in an annotation',
    check: 'credentials-by-reference',
    says: 'a generated secret stands in plain text',
    spoil: (applied) =>
      object(applied, 'Deployment', ({ metadata }) => {
        metadata.annotations = { note: applied.values(STACK, 'random_password').result };
      }),
  },
  {
    cut: "another tool's bucket",
    check: 'object-store',
    says: /the object store in the argument --artifacts-destination is "gs:.*", expected gs:/,
    spoil: (applied) => {
      const other = applied.values('prod-sample', 'google_storage_bucket').name;
      container(applied, (each) => {
        for (const list of [each.command ?? [], each.args ?? []]) {
          const at = list.indexOf('--artifacts-destination');
          if (at >= 0) list[at + 1] = `gs://${other}`;
        }
      });
    },
  },
  {
    cut: 'a policy that lets nobody through',
    check: 'reachable',
    says: /the list of ports that clients reach is \[\], expected \d+ \(http\) among them/,
    spoil: (applied) =>
      objects(applied, (all) => {
        const policies = all.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.ingress);
        for (const { spec } of policies) spec.ingress = [];
      }),
  },
  {
    cut: 'a policy for another port',
    check: 'reachable',
    says: 'the list of ports that clients reach is []',
    spoil: (applied) =>
      objects(applied, (all) => {
        const policies = all.filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.ingress);
        for (const { spec } of policies) spec.ingress[0].ports[0].port = 1;
      }),
  },
  {
    cut: 'the tag latest',
    check: 'image-pinned',
    says: 'the tag of the image is "latest"',
    spoil: (applied) => container(applied, (each) => (each.image = 'ghcr.io/mlflow/mlflow:latest')),
  },
  {
    cut: 'no probe',
    check: 'probes',
    says: 'there is no readiness probe',
    spoil: (applied) => container(applied, (each) => delete each.readinessProbe),
  },
  {
    cut: 'a probe on another path',
    check: 'probes',
    says: 'the path of the readiness probe is "/", expected /health',
    spoil: (applied) => container(applied, (each) => (each.readinessProbe.httpGet.path = '/')),
  },
  {
    cut: 'root',
    check: 'non-root',
    says: 'a user other than root is false',
    spoil: (applied) => pod(applied, (spec) => (spec.securityContext.runAsUser = 0)),
  },
  {
    cut: 'a writable root',
    check: 'read-only-root',
    says: 'a read-only root is false',
    spoil: (applied) => container(applied, (each) => (each.securityContext.readOnlyRootFilesystem = false)),
  },
  {
    cut: 'a capability',
    check: 'capabilities-dropped',
    says: 'the dropping of all capabilities is false',
    spoil: (applied) => container(applied, (each) => (each.securityContext.capabilities.add = ['NET_ADMIN'])),
  },
  {
    cut: 'privilege escalation',
    check: 'no-privilege-escalation',
    says: 'privilege escalation is true',
    spoil: (applied) => container(applied, (each) => (each.securityContext.allowPrivilegeEscalation = true)),
  },
  {
    cut: 'no filter of system calls',
    check: 'seccomp',
    says: 'a seccomp profile is false',
    spoil: (applied) =>
      pod(applied, (spec) => {
        spec.securityContext.seccompProfile = { type: 'Unconfined' };
        for (const each of spec.containers) delete each.securityContext.seccompProfile;
      }),
  },
  {
    cut: 'memory without limit',
    check: 'resources',
    says: 'the limit of memory is not known',
    spoil: (applied) => container(applied, (each) => delete each.resources.limits),
  },
  {
    cut: "a token of the cluster's API",
    check: 'api-token',
    says: "a token of the cluster's API is true",
    spoil: (applied) => pod(applied, (spec) => (spec.automountServiceAccountToken = true)),
  },
  {
    cut: 'a service announced elsewhere',
    check: 'services',
    says: 'the URL of the service mlflow is "http://mlflow.example.org"',
    spoil: (applied) => (applied.stack(STACK).outputs.service_mlflow.value.url = 'http://mlflow.example.org'),
  },
];
