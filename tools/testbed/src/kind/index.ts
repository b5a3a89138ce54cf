export { isKindBuilt, kindBinary } from './kind';
export { KIND_NODE_IMAGE, kindNodeImage } from './node-image';
