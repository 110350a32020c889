import type { DatabaseFile } from '../../model/databaseFacts.ts';
import type { DecodeWarnings } from '../columnReader.ts';
import type { ReadDatabase, ByteImage } from '../databasePorts.ts';
import type { TolerantSchema } from '../tolerantSchema.ts';
import type { ScanThreads } from './scanThreads.ts';

/** What every query gets: one committed state, its schema, the file it came from, and where to count warnings. */
export interface QueryContext {
  readonly db: ReadDatabase;
  readonly schema: TolerantSchema;
  readonly file: DatabaseFile;
  readonly warnings: DecodeWarnings;
  /** The bytes behind `db`, where its pages can be read past SQLite. See {@link scanTable}. */
  readonly image?: ByteImage;
  /** Where large tables may be read by several threads. See `readEvents`. */
  readonly threads?: QueryThreads;
  /** Keeps parts of answers from one state to the next; absent where nothing is kept. See {@link reuse}. */
  readonly kept?: KeptParts;
}

/** Threads beside the caller's. Their tasks, and what comes of them, are known to the queries that hand them out. */
export type QueryThreads = ScanThreads<never, unknown>;

/** Parts of answers, kept as long as no page of the database changes that they were read from. */
export interface KeptParts {
  /** `key` tells the part from all others; the part must depend on nothing but the key and the database. */
  reuse<T>(key: string, compute: (context: QueryContext) => T): T;
}

/** Part of an answer, kept until the pages it was read from change. */
export function reuse<T>(context: QueryContext, key: string, compute: (context: QueryContext) => T): T {
  return context.kept === undefined ? compute(context) : context.kept.reuse(key, compute);
}
