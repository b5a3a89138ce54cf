export type { Eviction } from './config-file';
export { Redis, type RedisProps } from './redis';
