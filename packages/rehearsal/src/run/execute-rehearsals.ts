import type { MlterraError } from '@mlterra/core';
import { describeError } from '@mlterra/engine/parts';
import type { Fault } from '../faults';
import { parseFault } from '../parse-fault';
import { printable } from '../report/json';
import { renderRehearsal } from '../report/table';
import { passed } from '../report/verdict';
import { parseLevels } from './levels';
import { rehearseEnvironment, type RehearseOptions } from './rehearse-environment';
import { ReportFiles } from './report-file';
import type { RehearsalResult, StepResult } from './result';

/** What a person or a pipeline can ask of rehearsals. */
export interface RehearsalRequest {
  /** Absolute path of the workspace, the folder with `node_modules`. */
  readonly workspaceRoot: string;
  /** Absolute paths of the environment folders, each with an `environment.ts`. */
  readonly environmentDirs: readonly string[];
  /** Only this stage, and what it reads of others; an environment without it is left out. @default - all stages */
  readonly stage?: string;
  /** `rehearsal`, `hybrid` or `real`; for one provider `<provider>=<level>`. @default ['rehearsal'] */
  readonly level?: readonly string[];
  /** Whether providers at the level `real` may make something outside of the state. @default false */
  readonly allowReal?: boolean;
  /** What is to go wrong, as `faultSyntax` says. @default - nothing */
  readonly fault?: readonly string[];
  /** Print one JSON document on standard output; progress goes to standard error. @default false */
  readonly json?: boolean;
  /** File for a report in the XML of JUnit, relative to the current folder; `{environment}` in it is replaced. @default - none */
  readonly junit?: string;
  /** Leave the folders with configurations and states. @default false */
  readonly keep?: boolean;
  /** Print the raw log of the engine, and stack traces. @default false */
  readonly verbose?: boolean;
  /** Terraform processes at once. @default - MLTERRA_PARALLELISM, else the number of cores, at least 2 */
  readonly parallelism?: number;
  /** Terraform binary. @default - MLTERRA_ENGINE, else `terraform` on the PATH */
  readonly engine?: string;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Rehearses environments, one after the other, and prints what was found. SIGINT, SIGTERM and SIGHUP stop it, and nothing
 * is left behind. Never throws.
 * @returns the exit code: 0 when everything went as it should
 */
export async function executeRehearsals(request: RehearsalRequest): Promise<number> {
  const stop = new AbortController();
  let stopped: number | undefined;
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => {
    const handler = (): void => {
      stopped ??= code;
      stop.abort();
    };
    process.on(signal, handler);
    return () => void process.off(signal, handler);
  });
  try {
    const options = rehearseOptions(request, stop.signal);
    const { junit, environmentDirs } = request;
    const reports = junit === undefined ? undefined : new ReportFiles(junit, environmentDirs);
    const results: RehearsalResult[] = [];
    const documents: object[] = [];
    const misfits = new Map<Fault, MlterraError[]>();
    for (const dir of environmentDirs) {
      if (stop.signal.aborted) break;
      const result = await rehearseEnvironment(
        { dir },
        request.environmentDirs.length === 1
          ? options
          : {
              ...options,
              onMisfit: (fault, error) => misfits.set(fault, [...(misfits.get(fault) ?? []), error]),
            },
      );
      if (request.stage !== undefined && result.error?.code === 'stage-unknown') {
        note(`${result.environment}: no stage ${request.stage}`);
        documents.push({ environment: result.environment, noStage: request.stage });
        continue;
      }
      results.push(result);
      documents.push(printable(result));
      reports?.add(dir, result);
      if (request.json !== true) {
        process.stdout.write(`${renderRehearsal(result, { columns: process.stdout.columns ?? 140 })}\n`);
      }
    }
    if (request.json === true) {
      process.stdout.write(`${JSON.stringify({ environments: documents }, null, 2)}\n`);
    }
    reports?.write();
    const nowhere = [...misfits.values()].filter(({ length }) => length === results.length);
    nowhere.flat().forEach((error) => note(describeError(error, request.verbose).message));
    return stopped ?? (results.every(passed) && nowhere.length === 0 ? 0 : 1);
  } catch (error) {
    note(describeError(error, request.verbose).message);
    return 1;
  } finally {
    handlers.forEach((remove) => remove());
  }
}

function rehearseOptions(request: RehearsalRequest, signal: AbortSignal): RehearseOptions {
  const { level = [], fault = [], environmentDirs: _, json: __, junit: ___, ...rest } = request;
  return {
    ...rest,
    level: parseLevels(level),
    faults: fault.map(parseFault),
    signal,
    onStep: (key, step) => note(stepLine(key, step)),
    ...(request.verbose === true ? { onLine: (key, line) => note(`  ${key} | ${line}`) } : {}),
  };
}

function stepLine(key: string, { name, status, seconds, note: seen }: StepResult): string {
  if (status === 'skipped') return `- ${key} ${name}: ${seen ?? 'left out'}`;
  const sign = status === 'passed' ? '✓' : '✗';
  return `${sign} ${key} ${name}${seen === undefined ? '' : `: ${seen}`} (${seconds.toFixed(2)} s)`;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
