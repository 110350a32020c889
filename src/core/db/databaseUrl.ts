import { UserFacingError } from '../errors.ts';
import { isAbsolutePath, type PathStyle, resolvePath } from './pathStyle.ts';
import { decodePercent, decodeSqliteUri, encodeSqliteUri } from './sqliteUri.ts';

/** Where a database is said to be; a relative path still needs the folder it is relative to. */
export interface DatabaseLocation {
  readonly path: string;
  readonly relative: boolean;
  /** Set where a URL holds percent escapes: SQLAlchemy 2.0 takes them literally (`path`), 2.1 decodes them to this. */
  readonly decodedPath?: string;
}

/** Lower-case schemes of the drivers that open the named file as plain SQLite. */
const sqliteSchemes = new Set(['sqlite', 'sqlite+pysqlite', 'sqlite+aiosqlite']);
/** A drive letter is no scheme, so a scheme has two letters at least. */
const anyUrl = /^([a-z][\w+.-]+):\/\/(.*)$/is;
const sqliteWithoutSlashes = /^sqlite(\+\w+)?:/i;

/**
 * Reads a path or a SQLite URL as the reference's SQLAlchemy does: three slashes before a relative path, four before
 * an absolute one, a drive letter after three, and the query no part of the name.
 * Throws `invalid-url` for other schemes and for databases in memory, which no second program can share.
 */
export function parseDatabaseLocation(text: string, style: PathStyle): DatabaseLocation {
  const given = text.trim();
  if (given === '') throw invalid('The database is given as an empty text.');
  if (given === ':memory:') throw inMemory();
  const url = anyUrl.exec(given);
  if (url === null) {
    if (sqliteWithoutSlashes.test(given)) throw invalid(`"${given}" is not a complete SQLite URL.`);
    return located(given, style);
  }
  const [, scheme = '', rest = ''] = url;
  if (!sqliteSchemes.has(scheme.toLowerCase())) {
    throw invalid(`A "${scheme}" URL does not name a SQLite file; only SQLite databases are supported.`);
  }
  return urlLocation(rest, style);
}

/**
 * The absolute paths that a path or SQLite URL can mean, relative ones against `baseFolder` (absolute): one, or two
 * where versions of SQLAlchemy differ. Throws `invalid-url`.
 */
export function resolveDatabasePaths(text: string, baseFolder: string, style: PathStyle): string[] {
  const { path, decodedPath } = parseDatabaseLocation(text, style);
  return [path, ...(decodedPath === undefined ? [] : [decodedPath])].map((each) =>
    resolvePath(each, baseFolder, style),
  );
}

/**
 * The URL under which SQLAlchemy opens the file at an absolute path, whatever its working folder.
 * A name with a question mark can only be written as SQLite's own URI, passed through with `uri=true`.
 */
export function formatDatabaseUrl(absolutePath: string): string {
  const path = isAbsolutePath(absolutePath, 'posix') ? absolutePath : absolutePath.replaceAll('\\', '/');
  return path.includes('?') ? `sqlite:///${encodeSqliteUri(path)}?uri=true` : `sqlite:///${path}`;
}

/** What follows `sqlite://`: a slash, the file name, and an optional query. */
function urlLocation(rest: string, style: PathStyle): DatabaseLocation {
  const queryAt = rest.indexOf('?');
  const name = queryAt < 0 ? rest : rest.slice(0, queryAt);
  if (name !== '' && !name.startsWith('/')) throw invalid(`"sqlite://${rest}" has too few slashes.`);
  const database = name.slice(1);
  if (database === '' || database === ':memory:') throw inMemory();
  const options = new URLSearchParams(queryAt < 0 ? '' : rest.slice(queryAt + 1));
  if (isTrue(options.get('uri'))) {
    const file = options.get('mode') === 'memory' ? null : decodeSqliteUri(database, style);
    if (file === null) throw inMemory();
    return located(file, style);
  }
  const decodedPath = decodePercent(database);
  return { ...located(database, style), ...(decodedPath === database ? {} : { decodedPath }) };
}

/** The words SQLAlchemy takes as true in a URL's query. */
function isTrue(value: string | null): boolean {
  return value !== null && ['true', 'yes', 'on', 'y', 't', '1'].includes(value.trim().toLowerCase());
}

function located(path: string, style: PathStyle): DatabaseLocation {
  if (path.includes('\0')) throw invalid('The name of the database holds a NUL character.');
  return { path, relative: !isAbsolutePath(path, style) };
}

function invalid(message: string): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    message,
    'Give the path of the file, or a URL such as sqlite:///relative.db, sqlite:////absolute/path.db or sqlite:///C:/path.db.',
  );
}

function inMemory(): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    'The URL names a database in memory, which only the program that made it can see.',
    'Give the path of a database file, or its sqlite:/// URL.',
  );
}
