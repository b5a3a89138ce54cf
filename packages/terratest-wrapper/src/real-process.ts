import { runInThisContext } from 'node:vm';

/**
 * The process itself. What tests see as `process` under Jest is a copy, which no signal ever reaches;
 * outside of Jest it is the same object.
 */
export const realProcess = runInThisContext('process') as NodeJS.Process;
