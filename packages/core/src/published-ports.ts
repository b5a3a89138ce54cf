import type { Construct } from 'constructs';
import type { PublishedPorts } from './capabilities/platform';
import { publishedPortInvalid, publishedPortTwice, publishedPortUnknown } from './errors';

const PUBLISHED = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const MAX_PORT = 65_535;

export interface PublisherProps {
  /** Ports of this machine that can be published. @default 1 to 65535 */
  readonly range?: { readonly least: number; readonly most: number };
}

/**
 * The ports that a platform publishes, by the workloads they lead to. At the end of synthesis it refuses names that
 * no workload has.
 */
export class Publisher {
  private readonly known = new Set<string>();

  /** @param owner the platform's construct, for messages */
  public constructor(
    owner: Construct,
    private readonly ports: PublishedPorts,
    { range = { least: 1, most: MAX_PORT } }: PublisherProps = {},
  ) {
    const { path } = owner.node;
    const taken = new Map<number, string>();
    for (const [name, port] of Object.entries(ports)) {
      if (!PUBLISHED.test(name) || !Number.isInteger(port) || port < range.least || port > range.most) {
        throw publishedPortInvalid(path, name, port, range);
      }
      const other = taken.get(port);
      if (other !== undefined) throw publishedPortTwice(path, port, other, name);
      taken.set(port, name);
    }
    owner.node.addValidation({ validate: () => this.unknown() });
  }

  /** Port of this machine that leads to a port of a workload; undefined where it is not published. */
  public portOf(workload: string, port: string): number | undefined {
    const name = `${workload}.${port}`;
    this.known.add(name);
    return Object.hasOwn(this.ports, name) ? this.ports[name] : undefined;
  }

  /** Like {@link portOf}, of a workload that need not come to be. */
  public peek(workload: string, port: string): number | undefined {
    const name = `${workload}.${port}`;
    return Object.hasOwn(this.ports, name) ? this.ports[name] : undefined;
  }

  private unknown(): string[] {
    return Object.keys(this.ports)
      .filter((name) => !this.known.has(name))
      .map((name) => publishedPortUnknown(name, [...this.known].sort()).message);
  }
}
