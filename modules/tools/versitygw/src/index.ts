export { Versitygw, type VersitygwProps } from './versitygw';
export { VERSITYGW_IMAGE } from './versions';
