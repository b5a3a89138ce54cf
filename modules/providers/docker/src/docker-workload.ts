import {
  exportOutputs,
  Text,
  text,
  Stack,
  workloadName,
  type Endpoint,
  type RunningWorkload,
  type Workload,
} from '@mlterra/core';
import { Construct } from 'constructs';
import type { ContainerPlace } from './container-place';
import { portsShared, replicasUnsupported } from './errors';
import { healthCheck, startSeconds } from './health-check';
import { memberName } from './names';
import { runContainer } from './run-container';

const LOOPBACK = '127.0.0.1';
const DEFAULT_STOP_GRACE_SECONDS = 30;

/** What a start takes beside that of the program: a health check comes round only every few seconds. */
const EXTRA_SECONDS = 30;

/** A workload as containers in the network of the stage, one for each of its containers. */
export class DockerWorkload extends Construct implements RunningWorkload {
  public readonly endpoints: Readonly<Record<string, Endpoint>>;
  /** Name in the network of the stage. */
  public readonly name: string;

  public constructor(scope: Construct, id: string, workload: Workload, place: ContainerPlace) {
    super(scope, id);
    const { path } = this.node;
    const { containers, replicas = 1 } = workload;
    if (replicas > 1) throw replicasUnsupported(path, replicas);
    checkPortNames(path, workload);
    const name = place.names.of(Stack.ofConstruct(this), this.node.path, workloadName(this));
    this.name = name;
    const endpoints: Record<string, Endpoint> = {};
    const published = (port: string): number | undefined => place.publisher.portOf(name, port);
    for (const [index, [label, container]] of Object.entries(containers).entries()) {
      const { ports = {} } = container;
      const member = memberName(name, label, index);
      const grace = container.stopGraceSeconds ?? DEFAULT_STOP_GRACE_SECONDS;
      runContainer(this, {
        place,
        container,
        label,
        name: member,
        workload: name,
        kind: 'workload',
        aliases: [member],
        seconds: startSeconds(container) + EXTRA_SECONDS,
        config: {
          restart: 'unless-stopped',
          stopTimeout: grace,
          destroyGraceSeconds: grace,
          healthcheck: healthCheck(container),
          ports: Object.entries(ports).flatMap(([port, { port: internal }]) => {
            const external = published(port);
            return external === undefined ? [] : [{ internal, external, ip: LOOPBACK, protocol: 'tcp' }];
          }),
        },
        dependsOn: place.stack.tasks,
      });
      const part = new Construct(this, label);
      for (const [portName, { port, protocol }] of Object.entries(ports)) {
        const outputs = exportOutputs(new Construct(part, portName), { host: member, port });
        const external = published(portName);
        endpoints[`${label}.${portName}`] = {
          host: outputs.host,
          port: outputs.port,
          url: text`${protocol}://${outputs.host}:${outputs.port}`,
          peers: [],
          ...(external === undefined
            ? {}
            : { outsideUrl: new Text([`${protocol}://localhost:${external}`]) }),
        };
      }
    }
    this.endpoints = endpoints;
  }
}

/** Ports are published as `<workload>.<port name>`. */
function checkPortNames(path: string, { containers }: Workload): void {
  const names = Object.values(containers).flatMap(({ ports = {} }) => Object.keys(ports));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw portsShared(path, twice);
}
