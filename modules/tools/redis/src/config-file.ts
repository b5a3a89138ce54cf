import { text, type Secret, type Text } from '@mlterra/core';

/** What goes when the memory is full. */
export type Eviction = 'noeviction' | 'allkeys-lru' | 'allkeys-lfu' | 'volatile-lru' | 'volatile-ttl';

export const CONFIG_PATH = '/etc/valkey/valkey.conf';
export const DATA_PATH = '/data';

export interface ConfigFileProps {
  readonly bind: string;
  readonly port: number;
  readonly password: Secret;
  /** Memory of the container. */
  readonly memoryMiB: number;
  readonly eviction: Eviction;
  /** Whether every write is kept on the volume. */
  readonly persistent: boolean;
}

/** Configuration of the server. A secret as a whole, as it holds the password. */
export function configFile(props: ConfigFileProps): Text {
  const dataMiB = Math.floor(props.memoryMiB * (props.persistent ? 0.5 : 0.75));
  // Commands that read all keys, or change what the server is, are not for clients.
  const renamed = ['CONFIG', 'DEBUG', 'SHUTDOWN', 'REPLICAOF', 'SLAVEOF', 'MODULE'];
  return text`bind ${props.bind}
port ${props.port}
protected-mode yes
requirepass ${props.password}
dir ${props.persistent ? DATA_PATH : '/tmp'}
save ""
appendonly ${props.persistent ? 'yes' : 'no'}
appendfsync everysec
maxmemory ${dataMiB}mb
maxmemory-policy ${props.eviction}
tcp-keepalive 60
logfile ""
${renamed.map((command) => `rename-command ${command} ""`).join('\n')}
`;
}
