import type { DatabaseWriterPort, WriteOperation } from '../db/writeDatabase.ts';
import { UserFacingError } from '../errors.ts';
import type { WriteExpectation } from '../guard/databaseMark.ts';
import { guardedWrite, identityInside } from '../guard/guardedWrite.ts';
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
 * Seeds a run into an adopted seed database, in one guarded transaction. Throws `invalid-argument` for an odd run id,
 * `not-adopted`, `wrong-role`,
 * and what {@link seedRun}, {@link guardedWrite} and the writer throw.
 */
export async function seedDatabase(
  writer: DatabaseWriterPort,
  path: string,
  options: SeedOptions,
  signal?: AbortSignal,
): Promise<SeedResult> {
  const { plan = telemetryCollectionV4, expected, anyRole = false, now } = options;
  const { runId = plan.runId } = options;
  refuseOddRunId(runId);
  const seeding = { plan: { ...plan, runId }, now, anyRole };
  const seeded =
    expected === undefined
      ? await writer.perform(path, seedOperation, seeding, signal)
      : await guardedWrite(writer, { path, expected }, seedOperation, seeding, signal);
  return {
    ...seeded,
    path,
    nextStep: `Check the database identity (${seeded.phases} phases QUEUED), then drain the run ${runId}.`,
  };
}

/** Seeding as the writer takes it. */
export const seedOperation: WriteOperation<
  { readonly plan: SeedPlan; readonly now: number; readonly anyRole: boolean },
  SeededRun
> = {
  name: 'seed',
  run: (db, { plan, now, anyRole }, path) => {
    const { role } = identityInside(db, path);
    if (role !== 'seed' && !anyRole) throw wrongRole(role, path);
    return seedRun(db, plan, now);
  },
};

/** Characters: enough for any name, and few enough for the names of log files. */
const longestRunId = 200;

/** It is printed in lists, and names files. */
function refuseOddRunId(runId: string): void {
  const refused = (problem: string, nextStep: string): UserFacingError =>
    new UserFacingError('invalid-argument', problem, nextStep);
  if (runId.trim() === '') throw refused('The run id is empty.', 'Give the run a name.');
  if (/\p{Cc}/u.test(runId)) {
    throw refused('The run id holds a line break or another control character.', 'Leave it out.');
  }
  if (runId.length > longestRunId) {
    throw refused(`The run id is ${runId.length} characters long.`, `Give at most ${longestRunId}.`);
  }
}
