export type { UserDataEncoding } from './cloud-init/user-data';
export type { MachineCloud, MachineGroupRequest, MachineHealth, ReachableMachines } from './machine-host';
export { MachineRenderer } from './machine-renderer';
