export { Seaweedfs, type SeaweedfsProps } from './seaweedfs';
