import { renderLiteral, Stack } from '@mlterra/core';
import { DataResource, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { duplicatePort, duplicateProcess } from './errors';
import type { DesiredDatabase, DesiredProcess, DesiredSecret, DesiredStack, HookData } from './spec';

/** Module with the hooks; resolved from the environment's folder. */
const HOOKS_MODULE = '@mlterra/host/hooks';

/** Resolved from the stack's working folder upwards, so that no path of a machine gets into the stack. */
const RECONCILE = "require('@mlterra/host/reconcile').main()";

/**
 * What one stack wants of the host: one `terraform_data.processes` that holds the whole set. Whenever the
 * set changes it is replaced, and its provisioner brings the machine in line.
 */
export class HostStack extends Construct {
  private readonly processes: DesiredProcess[] = [];
  private readonly secrets: DesiredSecret[] = [];
  private readonly folders: string[] = [];
  private readonly databases: DesiredDatabase[] = [];

  private constructor(private readonly stack: Stack) {
    super(stack, 'Host');
    const resource = new DataResource(this, 'Resource', {
      triggersReplace: Lazy.anyValue({ produce: () => this.desired() }) as unknown as Record<string, unknown>,
      provisioners: [
        {
          type: 'local-exec',
          interpreter: ['node', '--eval'],
          command: RECONCILE,
          environment: {
            MLTERRA_HOST_STACK: renderLiteral(stack.key),
            // A module that the caller has Node load may be out of reach from the stack's folder.
            NODE_OPTIONS: '',
            MLTERRA_HOST_DESIRED: '${base64gzip(jsonencode(self.triggers_replace))}',
          },
        },
      ],
    });
    resource.overrideLogicalId('processes');
    this.announce();
  }

  /** The one of the stack that `scope` is in. */
  public static of(scope: Construct): HostStack {
    const stack = Stack.ofConstruct(scope);
    return (stack.node.tryFindChild('Host') as HostStack | undefined) ?? new HostStack(stack);
  }

  public addProcess(path: string, process: DesiredProcess): void {
    for (const other of this.processes) {
      if (other.name === process.name) throw duplicateProcess(path, process.name);
      const shared = process.ports.find(({ port }) => other.ports.some((taken) => taken.port === port));
      if (shared) throw duplicatePort(path, shared.port, other.name);
    }
    this.processes.push(process);
    this.announce();
  }

  public addSecret(secret: DesiredSecret): void {
    this.secrets.push(secret);
  }

  public addFolder(folder: string): void {
    this.folders.push(folder);
  }

  public addDatabase(database: DesiredDatabase): void {
    this.databases.push(database);
  }

  /** A folder or file of the data folder that belongs to a construct of this stack. */
  public place(kind: 'secrets' | 'volumes' | 'objects', construct: Construct): string {
    const { stage, stack } = this.stack.stackKey;
    const name = construct.node.path.slice(this.stack.node.path.length + 1).replace(/[^A-Za-z0-9]+/g, '_');
    return `${kind}/${stage}/${stack}/${name}`;
  }

  private announce(): void {
    const data: HookData = { processes: this.processes.map(({ name }) => name) };
    this.stack.addHooks({ module: HOOKS_MODULE, data });
  }

  private desired(): DesiredStack {
    return {
      processes: this.processes,
      secrets: this.secrets,
      folders: this.folders,
      databases: this.databases,
    };
  }
}
