import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ComposeExporter } from '@mlterra/core';
import { stringify } from 'yaml';
import { composeFacts, composeReadme } from './compose-readme';

/** Others than the owner get no further than this folder; programs in containers read the files as mounts. */
const FOLDER_MODE = 0o700;
const SECRET_MODE = 0o600;

/** As docker-compose 1 reads it too, to which an unquoted `no` is no text. */
const YAML = { version: '1.1', aliasDuplicateObjects: false } as const;

const NAME = 'COMPOSE_PROJECT_NAME';

const HEADING = '# Made by mlterra compose; secrets in it stay as they are when it is made again.\n';

/**
 * Writes a project of Compose: `compose.yaml`, `.env` with its secrets, `files` and `README.md`. What the environment no longer
 * has is removed from `files`.
 * @returns where its services answer, and who logs in
 */
export function writeComposeProject(
  folder: string,
  exporter: ComposeExporter,
  name: string,
): readonly string[] {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const variables = path.join(folder, '.env');
  const { document, files, variables: made, entries } = exporter(readVariables(variables));
  rmSync(path.join(folder, 'files'), { recursive: true, force: true });
  for (const file of files) {
    const target = path.join(folder, file.path);
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
    write(target, file.content, 0o644);
  }
  const lines = Object.entries({ [NAME]: name, ...made }).map(
    ([variable, value]) => `${variable}=${value}\n`,
  );
  // Secrets first: what is made of them must not be there without them.
  write(variables, HEADING + lines.join(''), SECRET_MODE);
  write(path.join(folder, 'compose.yaml'), stringify(document, YAML), 0o644);
  const facts = composeFacts({ document, entries });
  write(path.join(folder, 'README.md'), composeReadme(name, facts), 0o644);
  return facts;
}

function readVariables(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** The file is whole or as it was, and never readable for more than it should be. */
function write(file: string, content: string, mode: number): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, content, { mode });
  renameSync(fresh, file);
}
