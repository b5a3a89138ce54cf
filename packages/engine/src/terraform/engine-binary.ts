/** The program that plans and applies: Terraform, or one that takes the same commands. */
export interface EngineBinary {
  readonly name: string;
  /** Absolute path of the binary. */
  readonly path: string;
  /** `1.11.4` */
  readonly version: string;
}

/** Name, major and minor version, as digests hold it. */
export function engineLabel(engine: EngineBinary): string {
  return `${engine.name} ${engine.version.split('.').slice(0, 2).join('.')}`;
}

/** Whether `version` is `needed` or newer; compares major and minor. */
export function atLeast(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}
