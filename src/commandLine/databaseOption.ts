import { Option } from 'commander';
import { formatDatabaseUrl } from '../core/db/databaseUrl.ts';
import { UserFacingError } from '../core/errors.ts';
import { resolveDatabaseLocation } from '../node/environment/resolveDatabaseLocation.ts';
import type { CommandContext } from './commandContext.ts';

/** `--database`, the same in every command. */
export function databaseOption(): Option {
  return new Option(
    '--database <path|url>',
    'a path or a sqlite:/// URL; without it, DATABASE_URL says which',
  );
}

/** What every command's options hold. */
export interface DatabaseOptions {
  readonly database?: string;
  readonly json?: boolean;
}

/** The database a command works on: where it is, and how the reference system would be told of it. */
export interface DatabaseTarget {
  /** Absolute. */
  readonly path: string;
  /** An absolute `sqlite:///` URL. */
  readonly databaseUrl: string;
}

/**
 * Resolves what was given, or else `DATABASE_URL`, to one absolute path, and says on stderr where the two disagree.
 * Without either there is no default, on purpose: throws `no-database`.
 */
export function databaseTarget(options: DatabaseOptions, context: CommandContext): DatabaseTarget {
  const fromEnvironment = nonEmpty(context.env.DATABASE_URL);
  const given = nonEmpty(options.database) ?? fromEnvironment;
  if (given === undefined) {
    throw new UserFacingError(
      'no-database',
      'No database was named, and there is no default.',
      'Pass --database <path> or set DATABASE_URL=sqlite:///<path>.',
    );
  }
  const path = resolveDatabaseLocation(given, context.cwd);
  if (fromEnvironment !== undefined && given !== fromEnvironment)
    noteDisagreement(path, fromEnvironment, context);
  return { path, databaseUrl: formatDatabaseUrl(path) };
}

function noteDisagreement(path: string, fromEnvironment: string, context: CommandContext): void {
  let other: string;
  try {
    other = resolveDatabaseLocation(fromEnvironment, context.cwd);
  } catch {
    other = fromEnvironment;
  }
  if (other !== path)
    context.stderr(`note: DATABASE_URL names another database (${other}); --database wins.\n`);
}

/** A text that says something; `undefined` for none, and for blanks. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
