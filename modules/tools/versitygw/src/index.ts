export { Versitygw, type VersitygwProps } from './versitygw';
export { VERSITYGW_IMAGE, VERSITYGW_VERSION } from './versions';
