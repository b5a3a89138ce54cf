/**
 * How true a rehearsal is, per provider.
 * - `rehearsal`: the provider is played by this process, from its schema alone.
 * - `hybrid`: the real provider validates and plans, offline; apply and read are played.
 * - `real`: the real provider does everything, against an emulator or a real server.
 */
export type Level = 'rehearsal' | 'hybrid' | 'real';

/** What a level leaves unchecked, for the report. */
export const notChecked: Readonly<Record<Level, readonly string[]>> = {
  rehearsal: [
    'values only the provider knows: enumerations, ranges, conflicting arguments, defaults',
    'which changes force a replacement',
    'which attributes are sensitive',
    'quotas, permissions and anything else only the cloud knows',
  ],
  hybrid: ['quotas, permissions and anything else only the cloud knows'],
  real: [],
};
