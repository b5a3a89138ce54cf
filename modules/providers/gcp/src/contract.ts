export { gcpObserver } from './contract/gcp-observer';
