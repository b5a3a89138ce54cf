import { wrong, type Check } from '../check';
import type { ChartFacts, Egress, EgressFacts, TaskFacts, WorkloadFacts } from '../facts';
import { isInternet } from '../internet';
import { connectionsOf } from './connections';
import { isIn } from './address-range';
import type { ToolFacts } from './tool-facts';

/** What programs and charts may connect to, where policies of the platform decide it. */
export const egressChecks: readonly Check<ToolFacts>[] = [
  {
    id: 'egress',
    rule: 'Policies let programs out to the servers that they were given; where they are strict, to named peers only.',
    applies: ({ workloads, tasks, charts }, { platformKind }) =>
      platformKind === 'kubernetes' && workloads.length + tasks.length + charts.length > 0,
    find: (facts, { profile }) =>
      programsOf(facts).flatMap(({ program, connections }) => {
        const { address, egress } = program;
        if (egress === undefined)
          return [wrong(address, 'what it may connect to', egress, 'a list of peers')];
        if (egress === 'free') {
          return profile.networkPolicy === 'strict'
            ? [wrong(address, 'what it may connect to', egress, 'named peers only')]
            : [];
        }
        return [
          ...connections
            .filter(({ host, port }) => !egress.some((each) => letsOut(each, host, port)))
            .map(
              ({ place, host, port }) =>
                `${address}: no policy lets it out to ${host}:${port}, which is ${place}, expected one`,
            ),
          ...egress
            .filter(isEverything)
            .map(({ hosts, cidrs }) =>
              wrong(address, 'what it may connect to', [...(hosts ?? []), ...(cidrs ?? [])], 'named ports'),
            ),
        ];
      }),
  },
];

interface Program {
  readonly program: { readonly address: string; readonly egress?: Egress };
  readonly connections: ReturnType<typeof connectionsOf>;
}

function programsOf({
  recipe,
  workloads,
  tasks,
  charts,
  postgresServers: servers,
}: ToolFacts): readonly Program[] {
  const expected = ({ container, name }: WorkloadFacts) =>
    recipe.expectations.workloads.find((each) => each.container === (container ?? name));
  return [
    ...workloads.map((program) => ({
      program,
      connections: connectionsOf(program, servers, expected(program)),
    })),
    ...tasks.map((program: TaskFacts) => ({ program, connections: connectionsOf(program, servers) })),
    ...charts.map((program: ChartFacts) => ({ program, connections: [] })),
  ];
}

/** Names outside of the platform lead to addresses that nobody knows here: any range on the port will do. */
function letsOut({ hosts = [], cidrs = [], ports }: EgressFacts, host: string, port: number): boolean {
  if (ports !== undefined && !ports.includes(port)) return false;
  if (hosts.some((each) => each === host || (each.startsWith('*') && host.endsWith(each.slice(1)))))
    return true;
  return cidrs.some((range) => (isAddress(host) ? isIn(host, range) : isPublicName(host)));
}

function isEverything({ hosts = [], cidrs = [], ports }: EgressFacts): boolean {
  return ports === undefined && (hosts.includes('*') || cidrs.some(isInternet));
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

/** A name of the internet, not one inside of a cluster. */
function isPublicName(host: string): boolean {
  return /\.[a-z]{2,}$/.test(host) && !/\.(svc|local|internal)$/.test(host);
}
