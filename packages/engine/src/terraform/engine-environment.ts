import path from 'node:path';
import { variableRefused, workspaceVariable } from '../errors';
import { checkCallerArguments, givesArguments } from './caller-arguments';

/** Variables that name a file: relative to the folder of the caller, while the engine runs in another one. */
const FILES = ['TF_CLI_CONFIG_FILE', 'TERRAFORM_CONFIG', 'TF_PLUGIN_CACHE_DIR', 'TF_LOG_PATH'];

/**
 * The environment of every process of the engine: that of the caller, without what only mlterra decides. Arguments of
 * `TF_CLI_ARGS*` that are allowed are given to the commands that know them by `callerArguments`.
 * @throws MlterraError when a variable of the caller would change what a run does
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const workspace = process.env['TF_WORKSPACE'] ?? '';
  if (workspace !== '' && workspace !== 'default') throw workspaceVariable(workspace);
  refuseSet('TF_DATA_DIR', 'each stack keeps its modules, providers and backend in its own folder');
  refuseSet(
    'TF_REATTACH_PROVIDERS',
    'providers that somebody else runs would be used in place of the locked ones',
  );
  checkCallerArguments();
  const passed = Object.entries(process.env).filter(([name]) => !givesArguments(name));
  return {
    ...Object.fromEntries(passed),
    ...Object.fromEntries(
      FILES.filter((name) => (process.env[name] ?? '') !== '').map((name) => [
        name,
        path.resolve(process.env[name]!),
      ]),
    ),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

function refuseSet(variable: string, why: string): void {
  if ((process.env[variable] ?? '') !== '') throw variableRefused(variable, why);
}
