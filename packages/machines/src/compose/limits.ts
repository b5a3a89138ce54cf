/** What a container gets that asks for nothing. */
export const DEFAULT_RESOURCES = { cpuMillis: 100, memoryMiB: 256 };

/** Programs of a container and their threads; a fork bomb ends there. */
export const PIDS_LIMIT = 4096;
