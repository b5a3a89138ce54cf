import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pythonMissing } from '../errors';
import { lastOutput, runCommand } from './command';
import { MINIMUM_PYTHON } from './versions';

const INSTALLED = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3'];

/**
 * Prints the version and the interpreter behind shims and virtual environments, which may be deleted any day; fails
 * where no virtual environment can be made.
 */
const EXAMINE = `
import sys
print("%d.%d" % sys.version_info[:2])
import ssl, venv, ensurepip
print(getattr(sys, "_base_executable", sys.executable))
`;

/** The first Python that is new enough and that this very account can use. */
export async function findPython(account: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const tried: string[] = [];
  for (const candidate of candidates(process.env)) {
    const result = await runCommand(candidate, ['-I', '-c', EXAMINE], { environment, timeoutSeconds: 30 });
    const [version = '', executable = ''] = result.stdout.split('\n');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (result.code !== 0) {
      tried.push(`${candidate}: ${version === '' ? '' : `${version}, `}${reasonOf(lastOutput(result))}`);
    } else if (major < MINIMUM_PYTHON.major || minor < MINIMUM_PYTHON.minor) {
      tried.push(`${candidate}: it is ${version}`);
    } else {
      return executable;
    }
  }
  throw pythonMissing(account, tried.length === 0 ? ['no python3 on the PATH'] : tried);
}

function candidates(variables: NodeJS.ProcessEnv): string[] {
  if (variables.MLTERRA_PYTHON) return [variables.MLTERRA_PYTHON];
  const onPath = (variables.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'python3'));
  return [...new Set([...onPath, ...INSTALLED])].filter((path) => existsSync(path));
}

function reasonOf(output: string): string {
  return output.split('\n').at(-1)?.trim() || 'it does not start';
}
