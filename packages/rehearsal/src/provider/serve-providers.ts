import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { pluginService } from '../protocol/plugin-service';
import type { ProviderSchema } from '../schema/model';
import { socketPathTooLong } from './errors';
import { FakeProvider } from './fake-provider';
import { FaultLedger } from './fault-ledger';
import type { ProviderCall, ServeProviders } from './provider-server';

/** Longest path of a socket on every system that has sockets. */
const longestSocketPath = 103;

export const serveProviders: ServeProviders = async (providers, options) => {
  const calls: ProviderCall[] = [];
  const ledger = new FaultLedger(options.faults ?? []);
  const servers: { readonly server: Server; readonly socket: string }[] = [];
  const stop = async (): Promise<void> => {
    for (const { server, socket } of servers.splice(0)) {
      server.forceShutdown();
      await rm(socket, { force: true });
    }
  };
  const reattach: Record<string, object> = {};
  try {
    for (const [index, schema] of providers.entries()) {
      const socket = join(options.socketDir, `${index}.sock`);
      if (Buffer.byteLength(socket) > longestSocketPath) throw socketPathTooLong(socket, longestSocketPath);
      const server = new Server({
        'grpc.max_receive_message_length': -1,
        'grpc.max_send_message_length': -1,
      });
      servers.push({ server, socket });
      server.addService(
        pluginService(),
        handlers(schema, ledger, (call) => calls.push(call)),
      );
      await bind(server, socket);
      reattach[schema.source] = reattachEntry(socket);
    }
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    reattach: JSON.stringify(reattach),
    calls,
    locate: (address, values) => ledger.locate(address, values),
    stop,
  };
};

/** What Terraform needs to know to use a provider that is running already. */
function reattachEntry(socket: string): object {
  return {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    // Terraform must not end the process when it is done.
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
}

type Handler = handleUnaryCall<unknown, unknown>;

function handlers(
  schema: ProviderSchema,
  ledger: FaultLedger,
  report: (call: ProviderCall) => void,
): Record<string, Handler> {
  const provider = new FakeProvider(schema, ledger, report);
  const answer =
    <Request>(method: (request: Request) => object): Handler =>
    (call, respond) => {
      try {
        respond(null, method(call.request as Request));
      } catch (thrown) {
        respond({
          code: status.INTERNAL,
          details: thrown instanceof Error ? thrown.message : String(thrown),
        });
      }
    };
  return {
    GetProviderSchema: answer(() => provider.getSchema()),
    ValidateProviderConfig: answer(provider.validateProvider.bind(provider)),
    ValidateResourceConfig: answer(provider.validateResource.bind(provider)),
    ValidateDataResourceConfig: answer(provider.validateData.bind(provider)),
    UpgradeResourceState: answer(provider.upgrade.bind(provider)),
    ConfigureProvider: answer(provider.configure.bind(provider)),
    ReadResource: answer(provider.read.bind(provider)),
    PlanResourceChange: answer(provider.plan.bind(provider)),
    ApplyResourceChange: answer(provider.apply.bind(provider)),
    ImportResourceState: answer(provider.import.bind(provider)),
    ReadDataSource: answer(provider.readData.bind(provider)),
    GetFunctions: answer(() => ({})),
    StopProvider: answer(() => ({})),
  };
}

function bind(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (thrown) => {
      if (!thrown) resolve();
      else reject(thrown);
    });
  });
}
