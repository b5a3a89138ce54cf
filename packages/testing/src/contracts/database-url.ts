/** A database URL taken apart. */
export interface DatabaseUrl {
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  /** 5432 where none is written. */
  readonly port: number;
  readonly database: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The password may hold anything, for on some platforms the path of a file stands in its place. */
const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^:@/]+):(.*)@([^@/:]+)(?::(\d+))?\/([^?/]+)(?:\?(.*))?$/s;

const DEFAULT_PORT = 5432;

/** Takes the URL of a database with user and password apart; undefined where it is none. */
export function parseDatabaseUrl(url: string): DatabaseUrl | undefined {
  const match = URL_PARTS.exec(url);
  if (match === null) return undefined;
  const [, scheme, user, password, host, port, database, query] = match as unknown as readonly string[];
  return {
    scheme: scheme!,
    user: decoded(user!),
    password: decoded(password!),
    host: host!,
    port: port === undefined ? DEFAULT_PORT : Number(port),
    database: decoded(database!),
    parameters: Object.fromEntries(new URLSearchParams(query ?? '')),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
