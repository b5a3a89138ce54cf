/** Settings in which the stages of an environment really differ. Units are in the names. */
export interface Profile {
  /** Instances of a service that can run more than one. */
  readonly replicas: number;
  /** Standby database, several zones. */
  readonly highAvailability: boolean;
  /** How long backups and logs are kept. */
  readonly retentionDays: number;
  /** Databases and buckets refuse to be deleted, and the stage needs `-c <stage>` to be applied. */
  readonly deletionProtection: boolean;
  /** Share of the worker nodes bought on the spot market, 0 to 1. */
  readonly spotShare: number;
  /** `strict`: nothing talks unless declared; `open`: everything inside the stage talks. */
  readonly networkPolicy: 'strict' | 'open';
}

export const profiles = {
  development: {
    replicas: 1,
    highAvailability: false,
    retentionDays: 3,
    deletionProtection: false,
    spotShare: 0.3,
    networkPolicy: 'open',
  },
  production: {
    replicas: 3,
    highAvailability: true,
    retentionDays: 30,
    deletionProtection: true,
    spotShare: 0,
    networkPolicy: 'strict',
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;
