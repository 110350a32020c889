import type { DatabaseWriterPort, ExpectedFile } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import { telemetryCollectionV4 } from './plans/telemetryCollectionV4.ts';
import { seedRun, type SeededRun, type SeedRunOptions } from './seedRun.ts';

/** How to seed: at which time (ms since the epoch), and what differs from the default. */
export interface SeedOptions extends SeedRunOptions {
  readonly now: number;
  /** `telemetry-collection-v4` unless said otherwise. */
  readonly runId?: string;
  /** The file that was checked before; another one in its place is refused. */
  readonly expected?: ExpectedFile;
}

/** What was seeded, and what to do next. */
export interface SeedResult extends SeededRun {
  readonly path: string;
  readonly nextStep: string;
}

/** Seeds the telemetry run into an existing database, in one transaction. Throws what {@link seedRun} and the writer throw. */
export async function seedDatabase(
  writer: DatabaseWriterPort,
  path: string,
  options: SeedOptions,
  signal?: AbortSignal,
): Promise<SeedResult> {
  const runId = options.runId ?? telemetryCollectionV4.runId;
  if (runId.trim() === '') {
    throw new UserFacingError('invalid-argument', 'The run id is empty.', 'Give the run a name.');
  }
  const plan = { ...telemetryCollectionV4, runId };
  const seeded = await writer.transaction(
    path,
    (db) => seedRun(db, plan, options.now, options),
    signal,
    options.expected,
  );
  return {
    ...seeded,
    path,
    nextStep: `Check the database identity (${seeded.phases} phases QUEUED), then drain the run ${runId}.`,
  };
}
