import { randomInt } from 'node:crypto';
import {
  servicesOf,
  Stack,
  StackOutput,
  valueParts,
  type ComposeEntry,
  type ComposeExport,
  type PublishedPorts,
  type Secret,
  type ServiceProps,
  type Task,
  type Workload,
} from '@mlterra/core';
import { composeProject, plainResolver, type ComposePart, type PortBinding } from '@mlterra/machines/compose';
import type { Construct } from 'constructs';
import type { DockerSecret } from './docker-secret';
import { outputUnknown, secretForeign } from './errors';
import { memberName } from './names';

const LOOPBACK = '127.0.0.1';
const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Begins variables for secrets, so that a file with them in it can be made again. */
const PREFIX = 'SECRET_';

/** The same workloads as a project of Compose, for people without Terraform. */
export class DockerProject {
  private readonly parts: ComposePart[] = [];
  private readonly published: Record<string, readonly PortBinding[]> = {};
  private readonly secrets = new Map<Secret, { readonly variable: string; readonly length: number }>();

  public constructor(
    private readonly engine: Construct,
    private readonly publish: PublishedPorts,
  ) {}

  /** Each container becomes a workload of its own: so their names are those they have on an engine. */
  public addWorkload(name: string, { containers }: Workload): void {
    for (const [index, [label, container]] of Object.entries(containers).entries()) {
      const member = memberName(name, label, index);
      this.parts.push({
        kind: 'workload',
        name: member,
        workload: { containers: { [label]: container } },
        volumePrefix: name,
      });
      for (const port of Object.keys(container.ports ?? {})) {
        const external = this.publish[`${name}.${port}`];
        if (external === undefined) continue;
        this.published[`${member}.${port}`] = [{ address: LOOPBACK, port: external }];
      }
    }
  }

  public addTask(name: string, task: Task): void {
    this.parts.push({ kind: 'task', name, task });
  }

  public addSecret({ secret, length, node }: DockerSecret): void {
    const variable = PREFIX + node.path.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
    this.secrets.set(secret, { variable, length });
  }

  /** @param known variables of an earlier rendering: its secrets stay as they are */
  public render(known: Readonly<Record<string, string>>): ComposeExport {
    const { profile, stackKey } = Stack.ofConstruct(this.engine);
    const { environment, stage } = stackKey;
    const values: Record<string, string> = {};
    const { document, files, secrets } = composeProject({
      parts: this.parts,
      resolver: plainResolver({
        output: (output) => this.valueOf(output),
        secret: (secret) => {
          const made = this.secrets.get(secret);
          if (made === undefined) throw secretForeign(this.engine.node.path);
          return (values[made.variable] ??= known[made.variable] ?? randomText(made.length));
        },
      }),
      profile,
      // Not those of an engine's containers, which the hooks would take for theirs.
      labels: { 'mlterra.dev/project': `${environment}/${stage}` },
      published: this.published,
    });
    return {
      document,
      files: files.map(({ path, content }) => ({ path, content })),
      variables: { ...secrets, ...values },
      entries: this.services().flatMap((service) => this.entryOf(service, values) ?? []),
    };
  }

  /** Services of the stage. */
  private services(): readonly ServiceProps[] {
    const { stage } = Stack.ofConstruct(this.engine).stackKey;
    const stacks = new Set(this.engine.node.root.node.findAll().filter((each) => each instanceof Stack));
    return [...stacks].filter(({ stackKey }) => stackKey.stage === stage).flatMap(servicesOf);
  }

  /** Undefined where the service is none of the project's: its address or password is made elsewhere. */
  private entryOf(
    { name, url, username, password }: ServiceProps,
    values: Readonly<Record<string, string>>,
  ): ComposeEntry | undefined {
    const parts = valueParts(url).map((part) => (part instanceof StackOutput ? part.known : part));
    if (!parts.every((part) => typeof part === 'string')) return undefined;
    const address = parts.join('');
    const entry = { name, url: address, isPublished: new URL(address).hostname === 'localhost' };
    if (username === undefined || password === undefined) return entry;
    const variable = this.secrets.get(password)?.variable;
    if (variable === undefined || !(variable in values)) return undefined;
    return { ...entry, login: { username, variable } };
  }

  private valueOf(output: StackOutput): string {
    if (output.known === undefined) throw outputUnknown(this.engine.node.path, output.name);
    return output.known;
  }
}

function randomText(length: number): string {
  return Array.from({ length }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
}
