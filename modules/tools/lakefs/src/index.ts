export { Lakefs, type LakefsProps } from './lakefs';
export { LAKEFS_IMAGE } from './versions';
