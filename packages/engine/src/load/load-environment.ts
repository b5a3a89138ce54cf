import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Environment, MlterraError } from '@mlterra/core';
import { createJiti } from 'jiti';
import {
  environmentExport,
  environmentInvalid,
  environmentMissing,
  environmentName,
  environmentRuntime,
  isErrorLike,
} from '../errors';
import { withoutStdout } from './stdout';
import { failedValidations } from './validations';
import { environmentCache, typecheck } from './typecheck';

/**
 * Loads the definition in `<dir>/environment.ts`.
 * @throws MlterraError when it is missing, does not compile, fails, or exports something else
 */
export function loadEnvironment(dir: string): Environment {
  const file = path.join(dir, 'environment.ts');
  if (!existsSync(file)) throw environmentMissing(dir);
  const cacheDir = environmentCache(dir);
  typecheck(file, cacheDir);
  const load: (id: string) => unknown = createJiti(file, {
    fsCache: path.join(cacheDir, 'jiti'),
    nativeModules: ['cdktf', 'constructs'],
  });
  const exported = run(file, () => load(file)) as { default?: unknown };
  const environment = exported.default ?? exported;
  if (!Environment.isEnvironment(environment)) {
    throw environmentExport(file, exported.default === undefined ? 'nothing' : typeof exported.default);
  }
  if (environment.name !== path.basename(dir)) {
    throw environmentName(file, environment.name, path.basename(dir));
  }
  return environment;
}

/** Runs code of the environment; what it throws is told in terms of its file, what it prints goes to standard error. */
export function run<T>(file: string, code: () => T): T {
  try {
    return withoutStdout(code);
  } catch (error) {
    if (MlterraError.is(error)) throw withoutTrace(error);
    const problems = failedValidations(error);
    if (problems !== undefined) throw environmentInvalid(file, problems, error);
    throw environmentRuntime(file, lineOf(file, error), error);
  }
}

/** CDKTF wraps what is thrown while it resolves values: it puts a heading before the message, and a trace behind it. */
function withoutTrace(error: MlterraError): MlterraError {
  const [, message] =
    /^(?:Resolution error: )+([\s\S]*?)\.?\s*(?:Object creation stack:[\s\S]*|\n\s+at [\s\S]*)?$/.exec(
      error.message,
    ) ?? [];
  return message === undefined ? error : new MlterraError({ code: error.code, message, cause: error });
}

/** `environment.ts:12:5`, where the stack trace passes through the file. */
function lineOf(file: string, error: unknown): string | undefined {
  const trace = isErrorLike(error) ? (error.stack ?? '') : '';
  const at = trace.split('\n').find((line) => line.includes(file));
  const position = at === undefined ? null : /:(\d+:\d+)\)?$/.exec(at.trim());
  return position === null ? undefined : `${path.basename(file)}:${position[1]}`;
}

/** Resolves modules as `environment.ts` itself would. */
export function requireFrom(dir: string): NodeJS.Require {
  return createRequire(path.join(dir, 'environment.ts'));
}
