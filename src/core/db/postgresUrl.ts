import { UserFacingError } from '../errors.ts';
import { decodePercent } from '../text/decodeText.ts';
import { t } from '../text/l10n.ts';
import { maskSecrets } from '../text/maskSecrets.ts';

/** A PostgreSQL database as a URL names it. */
export interface PostgresLocation {
  /**
   * What stands for the database where a file has its path: a `postgresql://` URL with user, host, port and name, the
   * parameters that were given, and never a password.
   */
  readonly path: string;
  readonly user: string;
  /** A name, an address, or the absolute folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Parameters of libpq such as `sslmode`, by name; without `password`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** SQLAlchemy's driver, as in `postgresql+psycopg2`; `null` without one. */
  readonly driver: string | null;
}

/** A location with what may not be shown. */
export interface PostgresAddress {
  readonly location: PostgresLocation;
  /** `null` where the URL has none: it may still come from the environment or a password file. */
  readonly password: string | null;
}

/** What libpq takes for parts that a URL leaves out. */
export interface PostgresDefaults {
  readonly user: string;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly database?: string | undefined;
}

const scheme = /^(postgres(?:ql)?)(?:\+(\w+))?:\/\//i;
/** Drivers of SQLAlchemy that speak to PostgreSQL. */
const drivers = new Set(['psycopg2', 'psycopg2cffi', 'psycopg', 'asyncpg', 'pg8000']);
/** Parameters by which libpq, and so Autopack, would reach another server than the URL names. */
const refusedParameters = ['hostaddr', 'service'] as const;
/** Parameters of libpq that hold secrets, besides `password`: the path of a database keeps all others, and is shown and stored. */
const secretParameters = ['sslpassword', 'scram_client_key', 'scram_server_key', 'oauth_client_secret'];
const pathStart = 'postgresql://';
const defaultPort = 5432;

/** Whether a text is meant as the URL of a PostgreSQL database. */
export function isPostgresUrl(text: string): boolean {
  return scheme.test(text.trim());
}

/** Whether what stands for a database's path is that of a PostgreSQL database; see {@link PostgresLocation}. */
export function isPostgresPath(path: string): boolean {
  return path.startsWith(pathStart);
}

/**
 * Reads a URL as libpq and SQLAlchemy do (postgresql.org/docs/current/libpq-connect.html, "Connection URIs"). Throws
 * `invalid-url` for other schemes and drivers, for several hosts, and for parts that make no sense.
 */
export function parsePostgresUrl(text: string, defaults: PostgresDefaults): PostgresAddress {
  const given = text.trim();
  const [start = '', , driver = null] = scheme.exec(given) ?? [];
  if (start === '') throw invalid(t`"${maskSecrets(given)}" is no PostgreSQL URL.`);
  if (driver !== null && !drivers.has(driver.toLowerCase())) {
    throw invalid(t`"${driver}" is no driver of SQLAlchemy for PostgreSQL.`);
  }
  const parts = /^([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(given.slice(start.length));
  if (parts === null) throw incomplete(given);
  const [, authority = '', name = '', query = ''] = parts;
  const at = authority.lastIndexOf('@');
  const [userPart = '', ...passwordParts] = (at < 0 ? '' : authority.slice(0, at)).split(':');
  const parameters = new Map(new URLSearchParams(query));
  const take = (key: string): string | undefined => {
    const value = parameters.get(key);
    parameters.delete(key);
    return value === '' ? undefined : value;
  };
  const { host: hostPart, port: portPart } = hostAndPort(authority.slice(at + 1), given);
  const user = take('user') ?? nonEmpty(decodePercent(userPart)) ?? defaults.user;
  const host = take('host') ?? nonEmpty(decodePercent(hostPart)) ?? defaults.host ?? 'localhost';
  const port = Number(take('port') ?? nonEmpty(portPart) ?? defaults.port ?? defaultPort);
  const database = take('dbname') ?? nonEmpty(decodePercent(name)) ?? defaults.database ?? user;
  const password =
    take('password') ?? (passwordParts.length > 0 ? decodePercent(passwordParts.join(':')) : null);
  const secret = secretParameters.find((each) => parameters.has(each));
  if (secret !== undefined)
    throw invalid(t`The URL has a secret in ${secret}, which this product cannot keep.`);
  if (host.includes(',')) throw invalid(t`"${maskSecrets(given)}" names several hosts; name one of them.`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw incomplete(given);
  if (!host.startsWith('/') && /[\s/?#@[\]\\]/.test(host)) throw incomplete(given);
  const refused = refusedParameters.find((name) => parameters.has(name));
  if (refused !== undefined) {
    throw invalid(t`"${maskSecrets(given)}" has the parameter ${refused}, which is not understood here.`);
  }
  if (/[\0\r\n]/.test(`${user}${host}${database}${password ?? ''}`)) throw incomplete(given);
  const plain = Object.fromEntries([...parameters].filter(([key]) => !key.startsWith('prepare')));
  const facts = { user, host, port, database, parameters: plain };
  return { location: { ...facts, path: pathOf(facts), driver }, password };
}

/** The parts of a PostgreSQL path, which leaves none of them out. Throws `invalid-url`. */
export function postgresLocation(path: string): PostgresLocation {
  return parsePostgresUrl(path, { user: '' }).location;
}

/** The same database without parameters of the connection: under this it is known and remembered. */
export function plainPostgresPath(path: string): string {
  return pathOf({ ...postgresLocation(path), parameters: {} });
}

/** The URL that a program is given which connects by itself; with the password, if one is passed. */
export function formatPostgresUrl(path: string, password: string | null = null): string {
  const location = postgresLocation(path);
  return pathOf(location, password);
}

/** `autopack on db.example:5432`: how a database is called in a line where a file would have its name. */
export function postgresTitle(path: string): string {
  const { database, host, port } = postgresLocation(path);
  return t`${database} on ${host}${port === defaultPort ? '' : `:${port}`}`;
}

/** Whether a host, by its name, its address or the folder of a Unix socket, is the very machine that asks. */
export function isThisMachine(host: string): boolean {
  return (
    host.startsWith('/') ||
    host.toLowerCase() === 'localhost' ||
    /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/i.test(host)
  );
}

function pathOf(
  { user, host, port, database, parameters }: Omit<PostgresLocation, 'path' | 'driver'>,
  password: string | null = null,
): string {
  const isSocket = host.startsWith('/');
  const credentials =
    encodeURIComponent(user) + (password === null ? '' : `:${encodeURIComponent(password)}`);
  const address = isSocket ? `:${port}` : `${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`;
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const query = [...(isSocket ? [['host', host] as const] : []), ...sorted]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return `${pathStart}${credentials}@${address}/${encodeURIComponent(database)}${query === '' ? '' : `?${query}`}`;
}

function hostAndPort(text: string, given: string): { readonly host: string; readonly port: string } {
  // Several hosts, each with its port, are told apart later from what makes no sense.
  if (text.includes(',')) return { host: text, port: '' };
  const parts = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]*))(?::(\d*))?$/i.exec(text);
  if (parts === null) throw incomplete(given);
  const [, inBrackets, plain = '', port = ''] = parts;
  return { host: inBrackets ?? plain, port };
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function incomplete(given: string): UserFacingError {
  return invalid(t`"${maskSecrets(given)}" is not a complete PostgreSQL URL.`);
}

function invalid(message: string): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    message,
    t`Give a URL such as postgresql://user@host:5432/database.`,
  );
}
