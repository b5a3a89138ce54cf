import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { pluginService } from '../protocol/plugin-service';
import { socketPathTooLong } from './errors';

/** Answers to the calls of the plugin protocol, by their names. What throws is an error of that call only. */
export type PluginHandlers = Readonly<Record<string, (request: never) => object | Promise<object>>>;

export interface PluginServer {
  /** Ends all connections and removes the socket. */
  stop(): Promise<void>;
}

/** Longest path of a socket on every system that has sockets. */
const longestSocketPath = 103;

const noLimit = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/**
 * Serves the plugin protocol on a unix socket. Terraform opens a connection for each configuration of a provider, so
 * each connection gets handlers of its own, which may remember that configuration.
 */
export async function servePlugin(socket: string, connected: () => PluginHandlers): Promise<PluginServer> {
  if (Buffer.byteLength(socket) > longestSocketPath) throw socketPathTooLong(socket, longestSocketPath);
  const service = onceEncoded(pluginService());
  const open = new Map<Socket, Server>();
  const listener = createServer((connection) => {
    const server = new Server(noLimit);
    open.set(connection, server);
    // A Terraform that is killed breaks its connection, and nobody else's.
    connection.on('error', () => connection.destroy());
    connection.on('close', () => {
      open.delete(connection);
      server.forceShutdown();
    });
    server.addService(service, grpcHandlers(connected()));
    server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(connection);
  });
  listener.listen(socket);
  await once(listener, 'listening');
  return {
    stop: async () => {
      const closed = once(listener, 'close');
      listener.close();
      for (const [connection, server] of open) {
        server.forceShutdown();
        connection.destroy();
      }
      await closed;
      await rm(socket, { force: true });
    },
  };
}

/** What Terraform needs to know to use a provider that this process serves. */
export function reattachEntry(socket: string): object {
  return {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    // Terraform must not end the process when it is done.
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
}

/** The schema of a provider is large, the same every time, and asked for by every Terraform: it is encoded once. */
function onceEncoded(service: ServiceDefinition): ServiceDefinition {
  const schema = service['GetProviderSchema']!;
  const encoded = new WeakMap<object, Buffer>();
  const responseSerialize = (message: object): Buffer => {
    const bytes = encoded.get(message) ?? schema.responseSerialize(message);
    encoded.set(message, bytes);
    return bytes;
  };
  return { ...service, GetProviderSchema: { ...schema, responseSerialize } };
}

function grpcHandlers(handlers: PluginHandlers): Record<string, handleUnaryCall<unknown, object>> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, answer]): [string, handleUnaryCall<unknown, object>] => [
      name,
      (call, respond) => {
        void Promise.resolve()
          .then(() => answer(call.request as never))
          .then(
            (response) => respond(null, response),
            (thrown: unknown) => {
              const details = thrown instanceof Error ? thrown.message : String(thrown);
              respond({ code: status.INTERNAL, details });
            },
          );
      },
    ]),
  );
}
