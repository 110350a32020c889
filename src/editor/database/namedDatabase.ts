import { loadOnce } from '../../core/lazily.ts';
import type { UserFacingError } from '../../core/errors.ts';
import type { DatabaseLook } from './databaseCandidate.ts';

/** Something that names a database: a file, which need not be there, or what is no SQLite file. */
export interface NamedDatabase {
  /** Who names it, in words: `DATABASE_URL in .env`. */
  readonly namedBy: string;
  readonly target:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'invalid'; readonly error: UserFacingError };
}

/** Where a person is offered databases from. */
export interface DatabaseSources {
  /** Paths of SQLite files in the folders of the window, as they are found. */
  readonly find: (signal: AbortSignal) => AsyncIterable<string>;
  /** What names databases, wherever they are. */
  readonly named: () => Promise<readonly NamedDatabase[]>;
  /** Finds out what is at a path, without much ado. Never rejects. */
  readonly look: (path: string, signal: AbortSignal) => Promise<DatabaseLook>;
  /** Whether databases can be connected to and made as well. */
  readonly offersMore: boolean;
}

/** Sources of a machine, loaded with their first use, so that activation need not wait for them. */
export function sourcesOnUse(load: () => Promise<DatabaseSources>): DatabaseSources {
  const sources = loadOnce(load);
  return {
    async *find(signal) {
      yield* (await sources()).find(signal);
    },
    named: async () => (await sources()).named(),
    look: async (path, signal) => (await sources()).look(path, signal),
    offersMore: true,
  };
}
