import { join } from 'node:path';
import { fakePart } from '../level/private-data';
import { servableSchema } from '../protocol/servable-schema';
import { schemaMessage } from '../protocol/schema-message';
import { FakeProvider } from './fake-provider';
import { FaultLedger } from './fault-ledger';
import { readPrivate } from './private';
import { type PluginServer, reattachEntry, servePlugin } from './plugin-server';
import type { ProviderCall, ServeProviders } from './provider-server';

export const serveProviders: ServeProviders = async (providers, options) => {
  const calls: ProviderCall[] = [];
  const ledger = new FaultLedger(options.faults ?? []);
  const servers: PluginServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  };
  const reattach: Record<string, object> = {};
  try {
    for (const [index, given] of providers.entries()) {
      const socket = join(options.socketDir, `${index}.sock`);
      const schema = servableSchema(given);
      const message = schemaMessage(schema);
      const hybrid = options.hybrids?.get(given.source);
      const connected = () => {
        const played = new FakeProvider(schema, message, ledger, (call) => calls.push(call)).handlers();
        return hybrid === undefined ? played : hybrid.handlers(played);
      };
      servers.push(await servePlugin(socket, connected));
      reattach[schema.source] = reattachEntry(socket);
    }
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    reattach: JSON.stringify(reattach),
    calls,
    locate: (fault, kept) => ledger.locate(fault, readPrivate(fakePart(kept)).instance),
    stop,
  };
};
