import type { StackOutput } from '../outputs';
import type { Secret, Text } from '../value';
import type { Peer } from './peer';

/** A server that speaks the protocol of Redis, whoever runs it. Clients share its numbered databases. */
export interface RedisCache {
  readonly host: StackOutput;
  readonly port: StackOutput;
  readonly password: Secret;
  /**
   * Connection URL, `redis://…` or, with TLS, `rediss://…`.
   * @param database 0 to 15; default 0
   */
  url(database?: number): Text;
  /** What its clients connect to. */
  readonly peers: readonly Peer[];
}
