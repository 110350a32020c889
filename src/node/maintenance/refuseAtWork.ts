import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseWorker } from '../../core/identity/stalePhase.ts';
import { t } from '../../core/text/l10n.ts';
import { drainLockPath, runningDrain } from '../identity/drainLock.ts';
import { lockWords, wayPast } from '../identity/drainLockContent.ts';
import { findPhaseWorkersOf, type FoundWorker } from '../identity/phaseWorkers.ts';

/** Throws `drain-running` while a drain of the database is under way. `wish` ends the next step: `then restore`. */
export async function refuseDrained(path: string, wish: string): Promise<void> {
  const drain = await runningDrain(path);
  if (drain === null) return;
  const past = wayPast(drain, isPostgresPath(path) ? path : await drainLockPath(path));
  const isDrain = (drain.operation ?? 'drain') === 'drain';
  throw new UserFacingError(
    'drain-running',
    t`${path} is being ${lockWords(drain)} (process ${drain.pid} on ${drain.host}, since ${drain.since}).`,
    (isDrain
      ? t`Wait for the end of the drain, or cancel it, then ${wish}.`
      : t`Wait for the end of that, then ${wish}.`) + past,
  );
}

/**
 * Throws `drain-running`, and `at-work` where a program seems to be at work on what is to be changed, or where nobody can say
 * whether one is.
 */
export async function refuseAtWork(
  path: string,
  isAtWork: (worker: PhaseWorker) => boolean,
  wish: string,
): Promise<void> {
  await refuseDrained(path, wish);
  const workers = await findPhaseWorkersOf(path);
  if (workers === null) throw cannotListProcesses(wish);
  const busy = workers.find(isAtWork);
  if (busy !== undefined) throw atWork(busy, wish);
}

function atWork({ pid, command, isDatabaseKnown }: FoundWorker, wish: string): UserFacingError {
  const whose = isDatabaseKnown ? '' : t` Which database it was given cannot be told.`;
  return new UserFacingError(
    'at-work',
    t`A program may be at work on these phases: ${command} (process ${pid}).${whose}`,
    t`Wait for its end, or stop it, then ${wish}.`,
  );
}

/** Programs may be at work, and the system does not list them. */
export function cannotListProcesses(wish: string): UserFacingError {
  return new UserFacingError(
    'at-work',
    t`The running programs cannot be listed, so nobody can say whether one is at work on these phases.`,
    t`See that "ps", on Windows PowerShell, can be run here, then ${wish}.`,
  );
}
