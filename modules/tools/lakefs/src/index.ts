export { Lakefs, type LakefsProps } from './lakefs';
export { LAKEFS_IMAGE, LAKEFS_VERSION } from './versions';
