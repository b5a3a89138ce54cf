export { LocalHost, type LocalHostProps } from './local-host';
