import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** In the copy that Stryker works on: the spec files of the tests, for workers that were started later. */
const FILES_OF_TESTS = 'files-of-tests.json';

/** `TestStatus.Failed` of Stryker, whose enumeration is not there at run time. */
const FAILED = 1;

const [jest] = jestPlugins;

/**
 * Stryker's Jest runner, which loads every spec file that can reach a mutant, whether one of its tests does or not.
 * This one loads the files whose tests were seen to reach it, those named after the mutated file first.
 */
function jestByFile(injector) {
  const runner = injector.injectFunction(jest.factory);
  const run = runner.run.bind(runner);
  let mutated;
  let wanted;
  runner.run = async (settings) => {
    if (mutated === undefined) return run(settings);
    const filesOfTests = existsSync(FILES_OF_TESTS) ? JSON.parse(readFileSync(FILES_OF_TESTS, 'utf8')) : {};
    const files = new Set(
      wanted === undefined
        ? Object.values(filesOfTests).flat()
        : wanted.flatMap((test) => filesOfTests[test] ?? []),
    );
    if (files.size === 0) return run(settings);
    const subject = basename(mutated, '.ts');
    const own = [...files].filter((file) => basename(file).startsWith(`${subject}.`));
    const others = [...files].filter((file) => !own.includes(file));
    let result;
    for (const testFiles of [own, others].filter(({ length }) => length > 0)) {
      result = await run({ ...settings, fileNamesUnderTest: undefined, testFiles });
      if (result.dryRunResult.status !== 'complete') return result;
      if (result.dryRunResult.tests.some(({ status }) => status === FAILED)) return result;
    }
    return result;
  };
  const dryRun = runner.dryRun.bind(runner);
  runner.dryRun = async (options) => {
    const result = await dryRun(options);
    if (result.status === 'complete') {
      const filesOfTests = {};
      for (const { id, fileName } of result.tests) (filesOfTests[id] ??= []).push(fileName);
      writeFileSync(FILES_OF_TESTS, JSON.stringify(filesOfTests));
    }
    return result;
  };
  const mutantRun = runner.mutantRun.bind(runner);
  runner.mutantRun = async (options) => {
    mutated = options.sandboxFileName;
    wanted = options.testFilter;
    try {
      return await mutantRun(options);
    } finally {
      mutated = undefined;
    }
  };
  return runner;
}
jestByFile.inject = ['$injector'];

export const strykerPlugins = [{ kind: jest.kind, name: 'jest-by-file', factory: jestByFile }];
