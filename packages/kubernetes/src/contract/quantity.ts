const MEMORY_MIB: Readonly<Record<string, number>> = { Ki: 1 / 1024, Mi: 1, Gi: 1024 };

/** Memory in MiB; undefined where it is none or in another unit. */
export function memoryMiB(quantity: string | undefined): number | undefined {
  const match = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity ?? '');
  return match === null ? undefined : Number(match[1]) * MEMORY_MIB[match[2]!]!;
}

/** Thousandths of a cpu; undefined where it is no such number. */
export function cpuMillis(quantity: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity ?? '');
  return match === null ? undefined : Number(match[1]) * (match[2] === 'm' ? 1 : 1000);
}
