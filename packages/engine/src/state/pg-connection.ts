import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { PoolConfig } from 'pg';
import { pgConnectionInvalid } from '../errors';

/**
 * Reads a connection string as Terraform's `pg` backend does: a URL or `key=value` pairs, and
 * TLS without a check of the certificate unless `sslmode` says otherwise. What is absent comes from the `PG*`
 * variables.
 */
export function pgConnection(connectionString: string): PoolConfig {
  const settings = /^postgres(?:ql)?:\/\//.test(connectionString)
    ? fromUrl(connectionString)
    : fromPairs(connectionString);
  const { host, port, user, password, dbname } = settings;
  return {
    host: host ?? process.env['PGHOST'] ?? 'localhost',
    port: Number(port ?? process.env['PGPORT'] ?? 5432),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(dbname === undefined ? {} : { database: dbname }),
    ssl: tls(settings),
  };
}

type Settings = Readonly<Partial<Record<string, string>>>;

function fromUrl(text: string): Settings {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw pgConnectionInvalid();
  }
  const { hostname, port, username, password, pathname, searchParams } = url;
  const given = Object.entries({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    user: username,
    password,
    dbname: pathname.slice(1),
  }).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, decodeURIComponent(value)])),
    ...Object.fromEntries(searchParams),
  };
}

/** `host=… password='with \'quotes\''` */
function fromPairs(text: string): Settings {
  const pair = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?:\s+|$)/y;
  const settings: Record<string, string> = {};
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null) throw pgConnectionInvalid();
    settings[found[1]!] = (found[2] ?? found[3] ?? '').replace(/\\(.)/g, '$1');
  }
  return settings;
}

function tls(settings: Settings): false | ConnectionOptions {
  const setting = (name: string): string | undefined =>
    settings[name] ?? process.env[`PG${name.toUpperCase()}`];
  const mode = setting('sslmode') ?? 'require';
  if (mode === 'disable' || (settings['host'] ?? process.env['PGHOST'])?.startsWith('/') === true)
    return false;
  const file = (name: string): Buffer | undefined => {
    const path = setting(name);
    return path === undefined ? undefined : readFileSync(path);
  };
  const ca = file('sslrootcert');
  const verified = mode === 'verify-full' || mode === 'verify-ca' || ca !== undefined;
  return {
    ca,
    cert: file('sslcert'),
    key: file('sslkey'),
    rejectUnauthorized: verified,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}
