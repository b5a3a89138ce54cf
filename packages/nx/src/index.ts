export { createDependencies } from './inference/create-dependencies';
export { createNodes, createNodesV2 } from './inference/create-nodes';
export { preTasksExecution } from './tasks/pre-tasks-execution';
