export { checkCatalogue, type CheckedRelease } from './check/check-catalogue';
export type { HttpOptions } from './check/http';
