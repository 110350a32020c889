import { Option } from 'commander';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatDatabaseUrl, isRelativeUrl } from '../core/db/databaseUrl.ts';
import {
  isPostgresPath,
  isPostgresUrl,
  parsePostgresUrl,
  plainPostgresPath,
} from '../core/db/postgresUrl.ts';
import { UserFacingError } from '../core/errors.ts';
import { environmentValue } from '../core/identity/databaseSource.ts';
import { maskSecrets } from '../core/text/maskSecrets.ts';
import {
  baseOfRelativeUrl,
  nativePathStyle,
  resolveDatabaseLocation,
} from '../node/identity/databaseUrlSources.ts';
import { rememberPassword } from '../node/postgres/passwords.ts';
import { postgresDefaults } from '../node/postgres/postgresDefaults.ts';
import type { CommandContext } from './commandContext.ts';
import { textLines } from './textLayout.ts';

/** `--database`, the same in every command. */
export function databaseOption(): Option {
  return new Option(
    '--database <path|url>',
    'a path, or a sqlite:/// or postgresql:// URL; without it, DATABASE_URL says which',
  );
}

/** What every command's options hold. */
export interface DatabaseOptions {
  readonly database?: string;
  readonly json?: boolean;
}

/** The database a command works on: where it is, and how Autopack would be given it. */
export interface DatabaseTarget {
  /** Absolute; of a PostgreSQL database its PostgreSQL path. */
  readonly path: string;
  /** An absolute `sqlite:///` URL, or a `postgresql://` URL without the password. */
  readonly databaseUrl: string;
}

/**
 * Resolves what was given, or else `DATABASE_URL`, to one absolute path, and says on stderr where the two disagree.
 * Without either there is no default, on purpose: throws `no-database`.
 */
export function databaseTarget(options: DatabaseOptions, context: CommandContext): DatabaseTarget {
  const fromEnvironment = nonEmpty(environmentValue(context.env, 'DATABASE_URL', nativePathStyle));
  const given = nonEmpty(options.database) ?? fromEnvironment;
  if (given === undefined) {
    const file = nonEmpty(environmentValue(context.env, 'DATABASE_URL_FILE', nativePathStyle));
    throw new UserFacingError(
      'no-database',
      file === undefined
        ? 'No database was named, and there is no default.'
        : `No database was named. DATABASE_URL_FILE (${file}) alone is not enough: Autopack's scripts want DATABASE_URL.`,
      'Pass --database <path|url> or set DATABASE_URL (sqlite:///<path> or postgresql://<user>@<host>/<database>).',
    );
  }
  const path = resolveDatabaseLocation(given, context.cwd);
  if (isPostgresUrl(given)) notePostgres(given, path, context);
  else noteBase(given, path, context);
  if (fromEnvironment !== undefined && given !== fromEnvironment)
    noteDisagreement(path, fromEnvironment, context);
  return { path, databaseUrl: formatDatabaseUrl(path) };
}

function noteDisagreement(path: string, fromEnvironment: string, context: CommandContext): void {
  let other: string;
  try {
    other = resolveDatabaseLocation(fromEnvironment, context.cwd);
  } catch {
    other = maskSecrets(fromEnvironment);
  }
  if (other === path || isSameServerDatabase(other, path)) return;
  const note = `note: DATABASE_URL names another database (${other}); --database wins.`;
  context.stderr(`${textLines([note])}\n`);
}

/** Parameters of the connection make no other database. */
function isSameServerDatabase(a: string, b: string): boolean {
  return isPostgresPath(a) && isPostgresPath(b) && plainPostgresPath(a) === plainPostgresPath(b);
}

/** Keeps the password of the URL, and says where the URL is one that only SQLAlchemy understands. */
function notePostgres(given: string, path: string, { stderr }: CommandContext): void {
  const { location, password } = parsePostgresUrl(given, postgresDefaults());
  if (password !== null) rememberPassword(path, password);
  if (location.driver === null) return;
  const start = `postgresql+${location.driver}://`;
  const note = `note: ${start} is how SQLAlchemy writes postgresql://; no other program takes it.`;
  stderr(`${textLines([note])}\n`);
}

/** A relative URL given below Autopack's repository leads to its root, which a person may not expect. */
function noteBase(given: string, path: string, { cwd, stderr }: CommandContext): void {
  if (!isRelativeUrl(given, nativePathStyle) || baseOfRelativeUrl(cwd) === cwd) return;
  const note = `note: Autopack takes ${given.trim()} from the root of its repository: ${path}.`;
  stderr(`${textLines([note])}\n`);
}

/** Throws `unsupported` for a PostgreSQL database, where a command works on a file. `what` begins a sentence. */
export function requireFile({ path, databaseUrl }: DatabaseTarget, what: string, nextStep: string): void {
  if (!isPostgresPath(path)) return;
  throw new UserFacingError(
    'unsupported',
    `${what} takes a SQLite file, and ${databaseUrl} is on a PostgreSQL server.`,
    nextStep,
  );
}

/** A text that says something; `undefined` for none, and for blanks. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

/**
 * The folder that `--workspace` names, by default the current one; absolute. Throws `not-found` where there is none:
 * a mistyped folder must not be made, and filled with sessions.
 */
export function workspaceFolderOf(
  { workspace }: { readonly workspace?: string | undefined },
  { cwd }: Pick<CommandContext, 'cwd'>,
): string {
  const folder = resolve(cwd, workspace ?? '.');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new UserFacingError(
    'not-found',
    `There is no folder ${folder}.`,
    'Name the root of the repository with --workspace <folder>.',
  );
}
