import { parseDatabaseUrl } from '../database-url';
import type { PostgresFacts, TaskFacts, WorkloadFacts } from '../facts';
import type { ValueSource, WorkloadExpectation } from '../recipe';
import { valueAt } from '../value-source';

/** A server that a program was given. */
export interface Connection {
  /** How it was given, for messages. */
  readonly place: string;
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  postgresql: 5432,
  redis: 6379,
  rediss: 6379,
};

const URL_PARTS = /^([a-z][a-z0-9]*)(?:\+[a-z0-9]+)?:\/\/(?:.*@)?([^/:?#@]+)(?::(\d+))?(?:[/?#].*)?$/s;

/** Where object stores of clouds answer, by the scheme of their URIs. */
const CLOUD_STORES: Readonly<Record<string, string>> = {
  gs: 'storage.googleapis.com',
  s3: 's3.amazonaws.com',
};

/** Variables that name a server: endpoints of object stores, and the host of PostgreSQL's own clients. */
const ENDPOINT = /(^|_)ENDPOINT(_URL)?(_|$)/;

/**
 * The servers that a program was given, as far as its recipe and the names of its variables tell; none on loopback.
 * @param servers those of the stage
 */
export function connectionsOf(
  program: WorkloadFacts | TaskFacts,
  servers: readonly PostgresFacts[],
  expectation: Pick<WorkloadExpectation, 'databaseUrls' | 'objectStores' | 'urls'> = {},
): readonly Connection[] {
  const { databaseUrls = [], objectStores = [], urls = [] } = expectation;
  const endpoints = endpointsOf(program);
  const all = [
    ...databaseUrls.flatMap(({ from }) => database(program, from, servers)),
    ...urls.flatMap((source) => parsedAt(program, source)),
    ...endpoints,
    ...(endpoints.length > 0 ? [] : objectStores.flatMap((source) => cloudStore(program, source))),
    ...clientOf(program),
  ];
  return all.filter(({ host }) => !/^(127\.|localhost$)/.test(host));
}

/** One that leads to no server is the business of another check. */
function database(
  program: WorkloadFacts,
  source: ValueSource,
  servers: readonly PostgresFacts[],
): readonly Connection[] {
  const { place, value = '' } = valueAt(program, source);
  const { host = '', port = 0 } = parseDatabaseUrl(value) ?? {};
  const isThere = servers.some((server) => server.hosts?.includes(host) && server.port === port);
  return isThere ? [{ place: `the URL in ${place}`, host, port }] : [];
}

function parsedAt(program: WorkloadFacts, source: ValueSource): readonly Connection[] {
  const { place, value = '' } = valueAt(program, source);
  return parsed(`the URL in ${place}`, value);
}

function parsed(place: string, url: string): readonly Connection[] {
  const match = URL_PARTS.exec(url);
  if (match === null) return [];
  const [, scheme, host, port] = match;
  const number = port === undefined ? DEFAULT_PORTS[scheme!] : Number(port);
  return number === undefined ? [] : [{ place, host: host!, port: number }];
}

function endpointsOf(program: WorkloadFacts | TaskFacts): readonly Connection[] {
  return Object.entries(program.variables ?? {})
    .filter(([name]) => ENDPOINT.test(name))
    .flatMap(([name, value]) => parsed(`the URL in the variable ${name}`, value));
}

function cloudStore(program: WorkloadFacts, source: ValueSource): readonly Connection[] {
  const { place, value = '' } = valueAt(program, source);
  const host = CLOUD_STORES[value.split(':')[0]!];
  return host === undefined ? [] : [{ place: `the object store in ${place}`, host, port: 443 }];
}

/** Clients of PostgreSQL read these. */
function clientOf({ variables = {} }: WorkloadFacts | TaskFacts): readonly Connection[] {
  const { PGHOST: host, PGPORT: port = '5432' } = variables;
  return host === undefined || host.startsWith('/')
    ? []
    : [{ place: 'the server in the variable PGHOST', host, port: Number(port) }];
}
