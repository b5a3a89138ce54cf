import {
  assertName,
  exportOutputs,
  MountPath,
  renderLiteral,
  Secret,
  Stack,
  text,
  valueParts,
  type Container,
  type Endpoint,
  type Probe,
  type RunningWorkload,
  type Value,
  type Workload,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { desiredText } from './desired-text';
import {
  commandEmpty,
  mountUnknown,
  probePathInvalid,
  probePortUnknown,
  programMissing,
  secretInCommand,
  variableInvalid,
} from './errors';
import { HostFolder } from './host-folder';
import { HostStack } from './host-stack';
import { LOOPBACK } from './loopback';
import type { DesiredProbe, DesiredProcess } from './spec';

const DEFAULT_STOP_GRACE_SECONDS = 30;
const DEFAULT_START_SECONDS = 120;

/** Log files are rotated by size; a profile that keeps things longer keeps more of them. */
const MAX_LOG_BACKUPS = 20;

/** It becomes part of a command line of the supervisor. */
const PLAIN_PATH = /^\/[A-Za-z0-9/._~%?=&+-]*$/;

/** A workload as processes of the host, one per container. */
export class HostWorkload extends Construct implements RunningWorkload {
  public readonly endpoints: Readonly<Record<string, Endpoint>>;

  public constructor(scope: Construct, id: string, workload: Workload) {
    super(scope, id);
    const endpoints: Record<string, Endpoint> = {};
    const stack = HostStack.of(this);
    for (const [name, container] of Object.entries(workload.containers)) {
      assertName('a container', name, this.node.path);
      stack.addProcess(this.node.path, this.process(stack, name, container));
      const part = new Construct(this, name);
      for (const [portName, port] of Object.entries(container.ports ?? {})) {
        const outputs = exportOutputs(new Construct(part, portName), { host: LOOPBACK, port: port.port });
        endpoints[`${name}.${portName}`] = {
          host: outputs.host,
          port: outputs.port,
          url: text`${port.protocol}://${outputs.host}:${outputs.port}`,
        };
      }
    }
    this.endpoints = endpoints;
  }

  private process(stack: HostStack, name: string, container: Container): DesiredProcess {
    const { path } = this.node;
    const { program, files = {}, volumes = {}, variables = {}, ports = {} } = container;
    if (program === undefined) throw programMissing(path, name);
    if (container.command.length === 0) throw commandEmpty(path, name);
    const render = (value: Value) => {
      for (const part of valueParts(value)) {
        if (!(part instanceof MountPath) || part instanceof HostFolder) continue;
        if (!(part.path in files) && !(part.path in volumes)) throw mountUnknown(path, name, part.path);
      }
      return desiredText(this, value);
    };
    return {
      name,
      program: { kind: 'python', requirements: program.requirements.map(renderLiteral) },
      command: container.command.map((value) => {
        if (valueParts(value).some((part) => part instanceof Secret)) throw secretInCommand(path, name);
        return render(value);
      }),
      variables: Object.entries(variables).map(([variable, value]) => {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw variableInvalid(path, name, variable);
        return { name: variable, value: render(value) };
      }),
      files: Object.entries(files).map(([file, value]) => ({
        path: renderLiteral(file),
        content: render(value),
      })),
      volumes: Object.entries(volumes).map(([mount, volume]) => {
        assertName('a volume', volume.name, path);
        return { path: renderLiteral(mount), folder: `${stack.place('volumes', this)}/${volume.name}` };
      }),
      ports: Object.entries(ports).map(([portName, { port }]) => ({ name: portName, port })),
      probe: this.probe(name, container.probe, ports),
      stopGraceSeconds: container.stopGraceSeconds ?? DEFAULT_STOP_GRACE_SECONDS,
      logBackups: logBackups(this),
    };
  }

  private probe(name: string, probe: Probe | undefined, ports: Container['ports'] & object): DesiredProbe {
    if (probe === undefined) {
      return { kind: 'none', port: 0, httpPath: '', startSeconds: DEFAULT_START_SECONDS };
    }
    const port = ports[probe.port];
    if (port === undefined) throw probePortUnknown(this.node.path, name, probe.port);
    const { httpPath } = probe;
    if (httpPath !== undefined && !PLAIN_PATH.test(httpPath)) {
      throw probePathInvalid(this.node.path, name, httpPath);
    }
    return {
      kind: httpPath === undefined ? 'tcp' : 'http',
      port: port.port,
      httpPath: httpPath ?? '',
      startSeconds: probe.startSeconds ?? DEFAULT_START_SECONDS,
    };
  }
}

/** Rotated log files to keep in the stack of `scope`. */
export function logBackups(scope: Construct): number {
  return Math.min(Math.max(Stack.ofConstruct(scope).profile.retentionDays, 1), MAX_LOG_BACKUPS);
}
