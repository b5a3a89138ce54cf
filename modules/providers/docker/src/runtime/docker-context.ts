import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

interface ContextFile {
  readonly Name?: string;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
}

/** Address of the daemon of a Docker context, found as Terraform's provider finds it; undefined where there is none. */
export function contextHost(context: string): string | undefined {
  const folder = join(process.env.HOME || homedir(), '.docker', 'contexts', 'meta');
  for (const file of list(folder)) {
    const { Name, Endpoints } = read(join(folder, file, 'meta.json'));
    if (Name === context && Endpoints?.docker?.Host !== undefined) return Endpoints.docker.Host;
  }
  return undefined;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(file: string): ContextFile {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ContextFile;
  } catch {
    return {};
  }
}
