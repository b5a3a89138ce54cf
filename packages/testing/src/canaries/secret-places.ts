import type { RehearsedStack } from '@mlterra/rehearsal';
import { generatedSecrets } from './generated-secrets';
import { SecretSearch } from './secret-search';

/**
 * Attributes that are there to hold secrets. Whatever else holds one is out of place: values of charts with the ConfigMaps and
 * pods in them, labels, commands.
 */
export const SECRET_PLACES: Readonly<Record<string, readonly string[]>> = {
  // What makes them.
  random_password: ['result', 'bcrypt_hash'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
  // What hands them on: outputs marked sensitive of other stacks.
  terraform_remote_state: ['outputs'],
  // Secrets of Kubernetes, and of Helm: a release is itself kept in one.
  helm_release: ['set_sensitive.value'],
  // Variables and files of containers: who may use a Docker engine is root on its machine.
  docker_container: ['env', 'upload.content'],
  // A database's own user, and the secret manager of the cloud.
  google_sql_user: ['password'],
  google_secret_manager_secret_version: ['secret_data'],
};

/**
 * Where in applied resources, outputs and configurations generated secrets stand that are not meant to.
 * @returns lines such as `docker/dev/mlflow docker_container.server: docker_container.command has <name of the secret>`
 */
export function secretsOutOfPlace(
  stacks: readonly RehearsedStack[],
  places: Readonly<Record<string, readonly string[]>> = SECRET_PLACES,
): readonly string[] {
  const search = new SecretSearch(generatedSecrets(stacks));
  const found = stacks.flatMap(({ key, resources, outputs, config }) => [
    ...resources.flatMap(({ address, type, values }) =>
      leaves(values)
        .filter(([path]) => !places[type]?.some((place) => path === place || path.startsWith(`${place}.`)))
        .flatMap(([path, text]) =>
          search.in(text).map((secret) => `${key} ${address}: ${path} has ${secret}`),
        ),
    ),
    ...Object.entries(outputs).flatMap(([name, { value, sensitive }]) =>
      sensitive
        ? []
        : search.in(JSON.stringify(value)).map((secret) => `${key}: output ${name} has ${secret}`),
    ),
    ...search.in(JSON.stringify(config)).map((secret) => `${key}: its configuration has ${secret}`),
  ]);
  return [...new Set(found)];
}

/** Texts of a value, by their path without indices, e.g. `upload.content`. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}
