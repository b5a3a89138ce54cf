export { cleanup, runCleanups, type CleanUp } from './clean-up';
export { TerratestError, type TerratestFailure } from './errors';
export { buildTerratest, isTerratestBuilt } from './helper-binary';
export { httpGetWithRetry, type HttpAnswer, type HttpOptions } from './http';
export {
  getServiceEndpoint,
  kubectlApply,
  kubectlApplyFromString,
  kubectlDelete,
  kubectlDeleteFromString,
  openTunnel,
  runKubectl,
  waitUntilDeploymentAvailable,
  waitUntilJobSucceed,
  waitUntilNumPodsCreated,
  waitUntilPodAvailable,
  waitUntilServiceAvailable,
  type KubectlOptions,
  type Tunnel,
} from './kubernetes';
export { FatalError, retry, type RetryOptions } from './retry';
export { isStageSkipped, stage } from './stage';
export {
  apply,
  applyAndIdempotent,
  destroy,
  init,
  initAndApply,
  initAndApplyAndIdempotent,
  initAndPlan,
  output,
  outputAll,
  plan,
  planAndShow,
  planExitCode,
  showPlan,
  showState,
  validate,
  type PlanJson,
  type PlannedChange,
} from './terraform';
export { type TerraformCommand, type TerraformOptions } from './terraform-options';
export {
  cleanupTestData,
  isTestDataPresent,
  loadTerraformOptions,
  loadTestData,
  saveTerraformOptions,
  saveTestData,
} from './test-data';
