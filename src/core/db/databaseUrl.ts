import { UserFacingError } from '../errors.ts';
import { decodePercent } from '../text/decodeText.ts';
import { t } from '../text/l10n.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import { formatPostgresUrl, isPostgresPath } from './postgresUrl.ts';
import { isAbsolutePath, resolvePath, type PathStyle, type RealFolder } from './pathStyle.ts';

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
/** Schemes that would otherwise make a file of that odd name: URLs with less than two slashes, and those of other libraries. */
const schemeWithoutSlashes =
  /^(sqlite\d?(?:\+\w+)?|file|jdbc(?::\w+)?|odbc|libsql|duckdb|postgres(?:ql)?(?:\+\w+)?|mysql(?:\+\w+)?|https?|data source)\s*[:=]/i;
/** Quotes of all kinds, which a shell or a `.env` reader should have taken off. */
const quotes = /^["'`\u2018-\u201f\u00ab\u00bb<]|["'`\u2018-\u201f\u00ab\u00bb>]$/;
const assignment = /^(?:export\s+|set\s+|\$env:)?DATABASE_URL\s*=/i;

/**
 * Reads a path or a SQLite URL as Autopack's SQLAlchemy does: three slashes before a relative path, four before
 * an absolute one, a drive letter after three, and the query no part of the name.
 * Throws `invalid-url` for other schemes and for databases in memory, which no second program can share.
 */
export function parseDatabaseLocation(text: string, style: PathStyle): DatabaseLocation {
  const given = text.trim();
  if (given === '') throw invalid(t`The database is given as an empty text.`);
  if (given === ':memory:') throw inMemory();
  refuseWrapped(given);
  const url = anyUrl.exec(given);
  if (url === null) {
    const scheme = schemeWithoutSlashes.exec(given)?.[1];
    if (scheme !== undefined) throw incomplete(given, scheme);
    return located(given, style);
  }
  const [, scheme = '', rest = ''] = url;
  if (!sqliteSchemes.has(scheme.toLowerCase())) {
    throw invalid(
      t`A "${scheme}" URL does not name a SQLite file; only SQLite and PostgreSQL databases are supported.`,
    );
  }
  return urlLocation(rest, style);
}

/**
 * The absolute paths that a path or SQLite URL can mean, relative ones against `baseFolder` (absolute): one, or two
 * where versions of SQLAlchemy differ. Throws `invalid-url`.
 */
export function resolveDatabasePaths(
  text: string,
  baseFolder: string,
  style: PathStyle,
  realFolder?: RealFolder,
): string[] {
  const { path, decodedPath } = parseDatabaseLocation(text, style);
  return [path, ...(decodedPath === undefined ? [] : [decodedPath])].map((each) =>
    resolvePath(each, baseFolder, style, realFolder),
  );
}

/** Whether a text is a SQLite URL of a relative path, which means another file in another folder. */
export function isRelativeUrl(text: string, style: PathStyle): boolean {
  return /^\s*sqlite/i.test(text) && anyUrl.test(text.trim()) && parseDatabaseLocation(text, style).relative;
}

/**
 * The URL under which SQLAlchemy opens the file at an absolute path, whatever its working folder; of a PostgreSQL database
 * its own, without a password.
 * A name with a question mark can only be written as SQLite's own URI, passed through with `uri=true`; so is one whose end
 * would be taken for the quote or the white space around a URL.
 */
export function formatDatabaseUrl(absolutePath: string): string {
  if (isPostgresPath(absolutePath)) return formatPostgresUrl(absolutePath);
  const path = isAbsolutePath(absolutePath, 'posix') ? absolutePath : absolutePath.replaceAll('\\', '/');
  return /\?|\s$/.test(path) || quotes.test(path)
    ? `sqlite:///${encodeSqliteUri(path)}?uri=true`
    : `sqlite:///${path}`;
}

function incomplete(given: string, scheme: string): UserFacingError {
  const shown = `"${maskSecrets(given)}"`;
  return invalid(
    /^sqlite/i.test(scheme)
      ? t`${shown} is not a complete SQLite URL: a relative path takes three slashes, an absolute one four.`
      : t`${shown} is a URL of "${scheme}", which Autopack does not understand, and not the path of a file.`,
  );
}

/** What was copied with more around it than belongs to it. */
function refuseWrapped(given: string): void {
  const inside = given.replace(assignment, '').replace(/^\W(?=\w)/, '');
  if (assignment.test(given)) throw invalid(t`The database is given as an assignment: ${maskSecrets(given)}`);
  if (quotes.test(given) && /^[a-z][\w+.-]+:/i.test(inside))
    throw invalid(t`The database is given as in quotes: ${maskSecrets(given)}`);
}

/** What follows `sqlite://`: a slash, the file name, and an optional query. */
function urlLocation(rest: string, style: PathStyle): DatabaseLocation {
  const queryAt = rest.indexOf('?');
  const name = queryAt < 0 ? rest : rest.slice(0, queryAt);
  if (name !== '' && !name.startsWith('/'))
    throw invalid(t`"${maskSecrets(`sqlite://${rest}`)}" has too few slashes.`);
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
  if (path.includes('\0')) throw invalid(t`The name of the database holds a NUL character.`);
  return { path, relative: !isAbsolutePath(path, style) };
}

function invalid(message: string): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    message,
    t`Give the path of the file, or a URL such as sqlite:///relative.db, sqlite:////absolute/path.db or sqlite:///C:/path.db.`,
  );
}

function inMemory(): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    t`The URL names a database in memory, which only the program that made it can see.`,
    t`Give the path of a database file, or its sqlite:/// URL.`,
  );
}

/** Writes an absolute POSIX path as a SQLite URI (sqlite.org/uri.html): `file:/a%3Fb.db`. */
function encodeSqliteUri(path: string): string {
  return `file:${path.replace(/[%?#]/g, encodeURIComponent)}`;
}

/**
 * The path in a SQLite URI; a name without `file:` is taken as it is, as SQLite does. `null` for a database in memory.
 * An authority, which may only be empty or `localhost`, is dropped.
 */
function decodeSqliteUri(uri: string, style: PathStyle): string | null {
  if (!uri.startsWith('file:')) return uri;
  const name = uri
    .slice('file:'.length)
    .replace(/^\/\/(localhost)?(?=\/)/, '')
    .replace(/#.*$/s, '');
  const path = decodePercent(name);
  if (path === '' || path === ':memory:') return null;
  return style === 'win32' && /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}
