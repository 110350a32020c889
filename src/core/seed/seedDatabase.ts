import type { DatabaseWriterPort, WriteDatabase } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import type { WriteExpectation } from '../guard/databaseMark.ts';
import { guardedTransaction, identityInside } from '../guard/guardedTransaction.ts';
import { wrongRole } from '../guard/requireWritable.ts';
import { telemetryCollectionV4 } from './plans/telemetryCollectionV4.ts';
import type { SeedPlan } from './seedPlan.ts';
import { seedRun, type SeededRun } from './seedRun.ts';

/** How to seed: at which time (ms since the epoch), and what differs from the default. */
export interface SeedOptions {
  readonly now: number;
  /** What to seed: `telemetry-collection-v4` unless said otherwise. */
  readonly plan?: SeedPlan;
  /** The plan's own unless said otherwise. */
  readonly runId?: string;
  /** The database that was checked before; without it, whichever adopted one is there. */
  readonly expected?: WriteExpectation;
  /** Seed into an adopted database of any role, on the person's word. */
  readonly anyRole?: boolean;
}

/** What was seeded, and what to do next. */
export interface SeedResult extends SeededRun {
  readonly path: string;
  readonly nextStep: string;
}

/**
 * Seeds a run into an adopted seed database, in one guarded transaction. Throws `not-adopted`, `wrong-role`,
 * and what {@link seedRun}, {@link guardedTransaction} and the writer throw.
 */
export async function seedDatabase(
  writer: DatabaseWriterPort,
  path: string,
  options: SeedOptions,
  signal?: AbortSignal,
): Promise<SeedResult> {
  const { plan = telemetryCollectionV4, expected, anyRole = false, now } = options;
  const { runId = plan.runId } = options;
  if (runId.trim() === '') {
    throw new UserFacingError('invalid-argument', 'The run id is empty.', 'Give the run a name.');
  }
  const work = (db: WriteDatabase): SeededRun => {
    const { role } = identityInside(db, path);
    if (role !== 'seed' && !anyRole) throw wrongRole(role, path);
    return seedRun(db, { ...plan, runId }, now);
  };
  const seeded =
    expected === undefined
      ? await writer.transaction(path, work, signal)
      : await guardedTransaction(writer, { path, expected }, work, signal);
  return {
    ...seeded,
    path,
    nextStep: `Check the database identity (${seeded.phases} phases QUEUED), then drain the run ${runId}.`,
  };
}
