export { startKubernetes, type KubernetesOptions, type KubernetesServer } from './kubernetes';
export { buildKubernetes } from './programs';
export { canRunKubernetes, whyNoKubernetes } from './requirements';
