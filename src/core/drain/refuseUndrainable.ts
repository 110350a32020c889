import { UserFacingError } from '../errors.ts';
import type { StateCounts } from '../model/state.ts';
import type { DrainBacklog } from '../queries/candidates.ts';
import { telemetryCollectionV4 } from '../seed/telemetryCollectionV4.ts';
import { t } from '../text/l10n.ts';
import type { DrainOptions } from './drainOptions.ts';

/**
 * Finds before a drain starts what would make it pointless, and what a person should know: the warnings are returned.
 * Throws `unknown-run`, `unknown-phase`, `empty-database`, `no-telemetry-table`, `invalid-argument`.
 */
export function refuseUndrainable(backlog: DrainBacklog, options: DrainOptions): string[] {
  refuseEmpty(backlog, options);
  if (options.runId !== null && !backlog.runIsKnown) {
    throw new UserFacingError(
      'unknown-run',
      t`There is no run ${options.runId} in the database.`,
      t`Check the identity of the database and the id of the run.`,
    );
  }
  refuseChosen(backlog);
  if (!backlog.hasTelemetryTable) return warnOfMissingTelemetry(options);
  return [];
}

/** Throws `empty-database` unless that is allowed. */
export function refuseEmpty({ databaseIsEmpty }: DrainBacklog, { allowEmptyDatabase }: DrainOptions): void {
  if (!databaseIsEmpty || allowEmptyDatabase) return;
  throw new UserFacingError(
    'empty-database',
    t`The database holds no run and no phase: it may not be the one you mean.`,
    t`Check its identity, or seed a telemetry run into it first.`,
  );
}

/** `10 COMPLETE, 1 GATE`, most frequent first; `no phase` without any. */
export function describeStates(states: StateCounts): string {
  const entries = Object.entries(states).sort(([, a], [, b]) => b - a);
  return entries.length === 0 ? t`no phase` : entries.map(([state, count]) => `${count} ${state}`).join(', ');
}

function refuseChosen({ refused }: DrainBacklog): void {
  const missing = refused.find(({ state }) => state === null);
  if (missing !== undefined) {
    throw new UserFacingError(
      'unknown-phase',
      t`There is no phase ${missing.phaseId} in run ${missing.runId}.`,
      t`Refresh the runs and choose again.`,
    );
  }
  const [first] = refused;
  if (first === undefined) return;
  const { phaseId, state } = first;
  const others = refused.length - 1;
  throw new UserFacingError(
    'invalid-argument',
    others === 0
      ? t`Phase ${phaseId} is ${state ?? 'missing'}.`
      : t`Phase ${phaseId} is ${state ?? 'missing'} (and ${others} more).`,
    t`Choose phases that are QUEUED or FAILED; only those can be drained.`,
  );
}

function warnOfMissingTelemetry({ allowMissingTelemetry }: DrainOptions): string[] {
  if (allowMissingTelemetry)
    return [t`The database has no token_estimation_v2_events table, so no sample can be stored.`];
  throw new UserFacingError(
    'no-telemetry-table',
    t`The database has no token_estimation_v2_events table, so no sample can be stored and a drain would spend tokens for nothing.`,
    t`Create a telemetry seed database and drain that one, or allow a drain without telemetry.`,
  );
}

const recorded: ReadonlySet<string> = new Set(telemetryCollectionV4.phases.map(({ phaseId }) => phaseId));

/** Whether the example executor has an answer for a phase with this id. */
export function hasRecordedAnswer(phaseId: string): boolean {
  return recorded.has(phaseId);
}

/** Warns of the phases that the example executor will refuse, for nothing is recorded of them; `null` for none. */
export function withoutRecordedAnswer(phaseIds: readonly string[]): string | null {
  const refused = phaseIds.filter((phaseId) => !hasRecordedAnswer(phaseId)).length;
  if (refused === 0) return null;
  const all = phaseIds.length;
  if (all === 1)
    return t`The example executor has answers for the ten phases of Seed Telemetry Run alone: it refuses this one. Open the root of an Autopack repository to execute others.`;
  return refused === all
    ? t`The example executor has answers for the ten phases of Seed Telemetry Run alone: it refuses all ${all}. Open the root of an Autopack repository to execute others.`
    : t`The example executor has answers for the ten phases of Seed Telemetry Run alone: it refuses ${refused} of ${all}. Open the root of an Autopack repository to execute others.`;
}
