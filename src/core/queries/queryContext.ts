import type { DecodeWarnings } from '../db/decodeWarnings.ts';
import type { ReadDatabase } from '../db/readDatabase.ts';
import type { TolerantSchema } from '../db/tolerantSchema.ts';
import type { DatabaseFile } from '../model/databaseFacts.ts';

/** What every query gets: one committed state, its schema, the file it came from, and where to count oddities. */
export interface QueryContext {
  readonly db: ReadDatabase;
  readonly schema: TolerantSchema;
  readonly file: DatabaseFile;
  readonly warnings: DecodeWarnings;
}
