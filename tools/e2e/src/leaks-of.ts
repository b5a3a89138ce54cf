import { SecretSearch, secretsInFolder } from '@mlterra/testing/canaries';
import type { TemporaryWorkspace } from './temporary-workspace';

/**
 * Where secrets of the states stand in what runs wrote into the environment's folder or printed. Fails where they are not even in
 * the states: the search would find nothing anywhere.
 * @param meant beginnings of paths where they may be, e.g. `.mlterra/state/`
 */
export function leaksOf(workspace: TemporaryWorkspace, meant: readonly string[]): readonly string[] {
  const secrets = workspace.secrets();
  const search = new SecretSearch(secrets);
  const found = secretsInFolder(workspace.environment, search, (file) =>
    meant.some((start) => file.startsWith(start)),
  );
  if (secrets.length === 0 || found.meant.length === 0) throw new Error('no state has any generated secret');
  return [
    ...found.leaks.map(({ file, secrets: names }) => `${file}: ${names.join(', ')}`),
    ...workspace.printed.flatMap(({ command, output }) =>
      search.in(output).map((name) => `mlterra ${command} prints ${name}`),
    ),
  ];
}
