import { environmentBatch, environmentExecutor } from './environment-executor';

export const synth = environmentExecutor('synth');
export const plan = environmentExecutor('plan');
export const apply = environmentExecutor('apply');
export const destroy = environmentExecutor('destroy');
export const drift = environmentExecutor('drift');
export const output = environmentExecutor('output');

export const synthBatch = environmentBatch('synth');
export const planBatch = environmentBatch('plan');
export const driftBatch = environmentBatch('drift');
