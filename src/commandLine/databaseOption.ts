import { Option } from 'commander';
import { formatDatabaseUrl } from '../core/db/databaseUrl.ts';
import { UserFacingError } from '../core/errors.ts';
import { resolveDatabaseLocation } from '../node/environment/resolveDatabaseLocation.ts';
import type { CommandContext } from './commandContext.ts';

/** `--database`, the same in every command. */
export function databaseOption(): Option {
  return new Option('--database <path|url>', 'the database: a path or a sqlite:/// URL').env('DATABASE_URL');
}

/** The database a command works on: where it is, and how the reference system would be told of it. */
export interface DatabaseTarget {
  /** Absolute. */
  readonly path: string;
  /** An absolute `sqlite:///` URL. */
  readonly databaseUrl: string;
}

/** Resolves what was given to one absolute path; without anything given there is no default, on purpose. */
export function databaseTarget(given: string | undefined, context: CommandContext): DatabaseTarget {
  if (given === undefined || given.trim() === '') {
    throw new UserFacingError(
      'no-database',
      'No database was named, and there is no default.',
      'Pass --database <path> or set DATABASE_URL=sqlite:///<path>.',
    );
  }
  const path = resolveDatabaseLocation(given, context.cwd);
  return { path, databaseUrl: formatDatabaseUrl(path) };
}
