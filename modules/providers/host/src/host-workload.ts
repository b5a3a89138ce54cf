import {
  checkWorkload,
  exportOutputs,
  renderLiteral,
  Stack,
  text,
  type Container,
  type Endpoint,
  type Probe,
  type RunningWorkload,
  type Workload,
} from '@mlterra/core';
import { Construct } from 'constructs';
import { desiredText } from './desired-text';
import { probePathInvalid, programMissing } from './errors';
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
    checkWorkload(this.node.path, workload, { providesMount: (mount) => mount instanceof HostFolder });
    const endpoints: Record<string, Endpoint> = {};
    const stack = HostStack.of(this);
    for (const [name, container] of Object.entries(workload.containers)) {
      stack.addProcess(this.node.path, this.process(stack, name, container));
      const part = new Construct(this, name);
      for (const [portName, port] of Object.entries(container.ports ?? {})) {
        const outputs = exportOutputs(new Construct(part, portName), { host: LOOPBACK, port: port.port });
        endpoints[`${name}.${portName}`] = {
          host: outputs.host,
          port: outputs.port,
          url: text`${port.protocol}://${outputs.host}:${outputs.port}`,
          peers: [],
        };
      }
    }
    this.endpoints = endpoints;
  }

  private process(stack: HostStack, name: string, container: Container): DesiredProcess {
    const { program, files = {}, volumes = {}, variables = {}, ports = {} } = container;
    if (program === undefined) throw programMissing(this.node.path, name);
    return {
      name,
      program: { kind: 'python', requirements: program.requirements.map(renderLiteral) },
      command: container.command.map((value) => desiredText(this, value)),
      variables: Object.entries(variables).map(([variable, value]) => ({
        name: variable,
        value: desiredText(this, value),
      })),
      files: Object.entries(files).map(([file, value]) => ({
        path: renderLiteral(file),
        content: desiredText(this, value),
      })),
      volumes: Object.entries(volumes).map(([mount, volume]) => ({
        path: renderLiteral(mount),
        folder: `${stack.place('volumes', this)}/${volume.name}`,
      })),
      ports: Object.entries(ports).map(([portName, { port }]) => ({ name: portName, port })),
      probe: this.probe(name, container.probe, ports),
      stopGraceSeconds: container.stopGraceSeconds ?? DEFAULT_STOP_GRACE_SECONDS,
      logBackups: logBackups(this),
    };
  }

  private probe(name: string, probe: Probe | undefined, ports: Container['ports'] & object): DesiredProbe {
    if (probe?.port === undefined) {
      return { kind: 'none', port: 0, httpPath: '', startSeconds: DEFAULT_START_SECONDS };
    }
    const { httpPath } = probe;
    if (httpPath !== undefined && !PLAIN_PATH.test(httpPath)) {
      throw probePathInvalid(this.node.path, name, httpPath);
    }
    return {
      kind: httpPath === undefined ? 'tcp' : 'http',
      port: ports[probe.port]!.port,
      httpPath: httpPath ?? '',
      startSeconds: probe.startSeconds ?? DEFAULT_START_SECONDS,
    };
  }
}

/** Rotated log files to keep in the stack of `scope`. */
export function logBackups(scope: Construct): number {
  return Math.min(Math.max(Stack.ofConstruct(scope).profile.retentionDays, 1), MAX_LOG_BACKUPS);
}
