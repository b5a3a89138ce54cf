export { FakeCommands, type CommandCall } from './fake-commands';
export { RecordingCluster } from './recording-cluster';
export { RecordingDnsZone } from './recording-dns-zone';
export { RecordingGateway } from './recording-gateway';
export { RecordingHost } from './recording-host';
export { RecordingPlatform } from './recording-platform';
export { RecordingSecretStore } from './recording-secret-store';
export { resourcesOf } from './resources';
export { synthEnvironment, synthStack, type Blocks, type StackJson, type SynthStackProps } from './synth';
