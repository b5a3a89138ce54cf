import { join } from 'node:path';

export interface StrykerConfig {
  readonly [option: string]: unknown;
  readonly mutate: readonly string[];
}

export interface StrykerRun {
  readonly root: string;
  /** Of the package, relative to the root. */
  readonly folder: string;
  /** Files or places in files that are mutated, relative to the root. */
  readonly mutate: readonly string[];
  /** Spec files that are not run, relative to the folder. */
  readonly without: readonly string[];
  /** File of the report in the schema of mutation-testing-elements. */
  readonly report: string;
  /** Folder for the copy of the workspace, relative to the root. */
  readonly copies: string;
  /** Where results are kept for the next run. @default - every mutant is tried */
  readonly incremental?: string;
  readonly concurrency: number;
}

/**
 * Stryker's options for a package. It works on a copy of the workspace, in which the Jest preset maps every
 * package to the copied sources.
 */
export function strykerConfig(run: StrykerRun): StrykerConfig {
  return {
    mutate: run.mutate,
    testRunner: 'jest-by-file',
    plugins: ['@stryker-mutator/jest-runner', join(__dirname, 'jest-by-file.mjs')],
    jest: {
      configFile: `${run.folder}/jest.config.js`,
      config: {
        // Child processes run what is compiled from the sources that are not mutated.
        globalSetup: undefined,
        testPathIgnorePatterns: [
          '/node_modules/',
          '/dist/',
          ...run.without.map((file) => `/${run.folder}/${file.replaceAll('.', '\\.')}$`),
        ],
      },
    },
    coverageAnalysis: 'perTest',
    concurrency: run.concurrency,
    // On a machine with other things to do, a slow mutant must not count as one that hangs.
    timeoutMS: 60_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 60,
    tempDirName: run.copies,
    cleanTempDir: 'always',
    ignorePatterns: [
      '/tmp',
      '/.nx',
      '**/.terraform',
      '**/.mlterra',
      '**/cdktf.out',
      '**/out-tsc',
      '**/coverage',
    ],
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: run.report },
    ...(run.incremental === undefined ? {} : { incremental: true, incrementalFile: run.incremental }),
    allowConsoleColors: false,
    logLevel: 'warn',
    warnings: { slow: false, preprocessorErrors: false },
  };
}
