import { wrong, type Check } from '../check';
import { workloadCheck, type ToolFacts } from './tool-facts';

/** Whether clients, and the platform itself, reach the tool. */
export const reachChecks: readonly Check<ToolFacts>[] = [
  workloadCheck({
    id: 'reachable',
    rule: 'Clients inside the stage reach every port they need, through service, policy and firewall alike.',
    concerns: ({ ports = [] }) => ports.length > 0,
    find: ({ address, ports = [], reachablePorts }, { ports: expected = [] }) =>
      expected.flatMap((name) => {
        const port = ports.find((each) => each.name === name)?.port;
        if (port === undefined) {
          return [
            wrong(
              address,
              'the list of ports',
              ports.map((each) => each.name),
              `${name} among them`,
            ),
          ];
        }
        return reachablePorts?.includes(port)
          ? []
          : [
              wrong(
                address,
                'the list of ports that clients reach',
                reachablePorts,
                `${port} (${name}) among them`,
              ),
            ];
      }),
  }),
  workloadCheck({
    id: 'probes',
    rule: 'The platform asks whether the program is ready: a port that it has, or a program beside it.',
    concerns: ({ probe }) => probe !== undefined,
    find: ({ address, ports = [], readinessProbe, livenessProbe }, { probe }) => {
      if (readinessProbe === undefined) return [`${address}: there is no readiness probe, expected one`];
      const port = ports.find(({ name }) => name === probe!.port)?.port;
      const { program } = probe!;
      if (program !== undefined) {
        const { command = [] } = readinessProbe;
        return command[0] === program
          ? []
          : [wrong(address, 'the program of the readiness probe', command[0], program)];
      }
      return [
        ...(readinessProbe.port === port
          ? []
          : [
              wrong(
                address,
                'the port of the readiness probe',
                readinessProbe.port,
                `${port} (${probe!.port})`,
              ),
            ]),
        ...(readinessProbe.path === probe!.path
          ? []
          : [wrong(address, 'the path of the readiness probe', readinessProbe.path, probe!.path ?? 'none')]),
        ...(livenessProbe === undefined || ports.some((each) => each.port === livenessProbe.port)
          ? []
          : [wrong(address, 'the port of the liveness probe', livenessProbe.port, 'a port of the program')]),
      ];
    },
  }),
  {
    id: 'services',
    rule: 'Every service is announced at an endpoint that exists.',
    applies: ({ recipe }) => {
      const { services = [], workloads, runsPostgres = false } = recipe.expectations;
      // Where a chart or an operator answers is theirs to know.
      return services.length > 0 && (workloads.length > 0 || runsPostgres);
    },
    find: ({ recipe, stack, services, workloads, postgresServers }) => {
      const endpoints = [
        // Whether clients are let through to a port is the business of the check before.
        ...workloads.flatMap(({ hosts = [], ports = [], reachablePorts = [] }) =>
          pairs(hosts, [...new Set([...ports.map(({ port }) => port), ...reachablePorts])]),
        ),
        ...postgresServers
          .filter((server) => server.stack === stack)
          .flatMap(({ hosts = [], port }) => pairs(hosts, port === undefined ? [] : [port])),
      ];
      return (recipe.expectations.services ?? []).flatMap((name) => {
        const service = services.find((each) => each.name === name);
        if (service === undefined) {
          return [
            wrong(
              stack,
              'the list of services',
              services.map((each) => each.name),
              `${name} among them`,
            ),
          ];
        }
        const endpoint = endpointOf(service.url);
        return endpoint !== undefined && endpoints.includes(endpoint)
          ? []
          : [
              wrong(
                stack,
                `the URL of the service ${name}`,
                service.url,
                endpoints.join(' or ') || 'an endpoint, and there is none',
              ),
            ];
      });
    },
  },
];

function pairs(hosts: readonly string[], ports: readonly number[]): readonly string[] {
  return hosts.flatMap((host) => ports.map((port) => `${host}:${port}`));
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443', postgresql: '5432' };

/** `<host>:<port>` of a URL. */
function endpointOf(url: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/:?#]+)(?::(\d+))?(?:[/?#].*)?$/.exec(url);
  if (match === null) return undefined;
  const [, scheme, host, port] = match;
  return `${host}:${port ?? DEFAULT_PORTS[scheme!]}`;
}
