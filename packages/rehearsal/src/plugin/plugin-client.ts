import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { Client, credentials } from '@grpc/grpc-js';
import { pluginService } from '../protocol/plugin-service';
import { providerCall } from './errors';
import type { PluginProcess } from './plugin-process';
import { startPlugin } from './plugin-process';

/** Names of protocol 5 for what protocol 6 calls otherwise; the messages are the same on the wire. */
const NAMES_OF_5: Readonly<Record<string, string>> = {
  GetProviderSchema: 'GetSchema',
  ValidateProviderConfig: 'PrepareProviderConfig',
  ValidateResourceConfig: 'ValidateResourceTypeConfig',
  ValidateDataResourceConfig: 'ValidateDataSourceConfig',
  ConfigureProvider: 'Configure',
  StopProvider: 'Stop',
};

/** A provider binary that runs, spoken to in the words of protocol 6. */
export class Plugin {
  private readonly client: Client;

  private readonly service: ServiceDefinition;
  private stopped = false;

  private constructor(private readonly process: PluginProcess) {
    this.service = pluginService(process.protocol);
    this.client = new Client(`unix:${process.socket}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
  }

  /** Its socket is in a new folder in `parent`; it has `patience` milliseconds to answer. */
  public static async start(binary: string, parent?: string, patience?: number): Promise<Plugin> {
    return new Plugin(await startPlugin(binary, parent, patience));
  }

  public get binary(): string {
    return this.process.binary;
  }

  public get protocol(): 5 | 6 {
    return this.process.protocol;
  }

  public call<Response>(name: string, request: object): Promise<Response> {
    const method = this.service[name] as MethodDefinition<object, Response> | undefined;
    if (method === undefined) throw new Error(`The plugin protocol has no call ${name}.`);
    const path = `/tfplugin${this.protocol}.Provider/${(this.protocol === 5 && NAMES_OF_5[name]) || name}`;
    const failed = (reason: string): Error => providerCall(this.binary, name, reason, this.process.said());
    return new Promise((done, fail) => {
      if (this.stopped) return fail(failed('it was stopped'));
      this.client.makeUnaryRequest(
        path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        (error, response) => {
          if (error === null && response !== undefined) done(response);
          else fail(failed(error?.details ?? 'no answer'));
        },
      );
    });
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    this.client.close();
    await this.process.stop();
  }
}
