import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import type { ClusterTarget, DrainTarget, LogsTarget, RunTarget, SessionTarget } from '../ids.ts';

const targets = lazily(() => {
  const run = z.object({ runId: z.string().min(1) });
  const phase = run.extend({ phaseId: z.string().min(1) });
  return {
    run,
    phase,
    session: z.object({ folder: z.string().min(1), sessionId: z.string().min(1) }),
    drain: z.object({ databasePath: z.string().min(1) }),
    logs: z.object({ stdoutPath: z.string().nullable(), stderrPath: z.string().nullable() }),
    cluster: z.object({ fingerprint: z.string().min(1), keys: z.array(phase).optional() }),
    builtPhase: phase.extend({ stdoutPath: z.string().min(1) }),
  };
});

/** The run a command was called on: a row of the view, or the argument of a link. Fails with `invalid-argument`. */
export function runTarget(argument: unknown): RunTarget {
  return parse(targets().run, argument, 'run');
}

/** The phase a command was called on. Fails with `invalid-argument`. */
export function phaseTarget(argument: unknown): PhaseKey {
  return parse(targets().phase, argument, 'phase');
}

/** The phases among what was selected together; runs and tiers may be selected, too. */
export function phaseTargets(selected: unknown): readonly PhaseKey[] {
  const rows: readonly unknown[] = Array.isArray(selected) ? selected : [];
  return rows.flatMap((row) => {
    const parsed = targets().phase.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The runs among what was selected together. */
export function runTargets(selected: unknown): readonly RunTarget[] {
  const rows: readonly unknown[] = Array.isArray(selected) ? selected : [];
  return rows.flatMap((row) => {
    const parsed = targets().run.safeParse(row);
    // A phase names its run, too.
    return parsed.success && !targets().phase.safeParse(row).success ? [parsed.data] : [];
  });
}

/** The drain session a command was called on. Fails with `invalid-argument`. */
export function sessionTarget(argument: unknown): SessionTarget {
  return parse(targets().session, argument, 'session');
}

/** The drain under way a command was called on; `undefined` where it was called from elsewhere. */
export function drainTarget(argument: unknown): DrainTarget | undefined {
  return targets().drain.safeParse(argument).data;
}

/** The phase whose row a command was called on; `undefined` where it was called from elsewhere. */
export function drainedPhaseTarget(argument: unknown): PhaseKey | undefined {
  return targets().phase.safeParse(argument).data;
}

/** The phase whose row a command was called on, with the logs it has. Fails with `invalid-argument`. */
export function builtPhaseTarget(argument: unknown): PhaseKey & { readonly stdoutPath: string } {
  return parse(targets().builtPhase, argument, 'drained-phase');
}

/** The logs of what a command was called on. Fails with `invalid-argument`. */
export function logsTarget(argument: unknown): LogsTarget {
  return parse(targets().logs, argument, 'drained-phase');
}

/** The cluster a command was called on. Fails with `invalid-argument`. */
export function clusterTarget(argument: unknown): ClusterTarget {
  return parse(targets().cluster, argument, 'cluster');
}

/** The id of what a command was called on: of the phase or session if it is one, else of the run. */
export function idOfTarget(argument: unknown): string {
  const asPhase = targets().phase.safeParse(argument);
  if (asPhase.success) return asPhase.data.phaseId;
  const asSession = targets().session.safeParse(argument);
  return asSession.success ? asSession.data.sessionId : runTarget(argument).runId;
}

type Target = 'run' | 'phase' | 'session' | 'drained-phase' | 'cluster';

/** What is said where a command was called on nothing of the kind, and what to do then. */
const nothingGiven: Readonly<Record<Target, () => readonly [message: string, nextStep: string]>> = {
  run: () => [
    t`No run was given: the view may have just been refreshed.`,
    t`Try again on the run in the Runs view.`,
  ],
  phase: () => [
    t`No phase was given: the view may have just been refreshed.`,
    t`Try again on the phase in the Runs view.`,
  ],
  session: () => [
    t`No session was given: the view may have just been refreshed.`,
    t`Try again on the session in the Drains view.`,
  ],
  'drained-phase': () => [
    t`No drained phase was given: the view may have just been refreshed.`,
    t`Try again on the drained phase in the Drains view.`,
  ],
  cluster: () => [
    t`No cluster was given: the view may have just been refreshed.`,
    t`Try again on the cluster in the Failures view.`,
  ],
};

function parse<T>(type: z.ZodType<T>, argument: unknown, what: Target): T {
  const parsed = type.safeParse(argument);
  if (parsed.success) return parsed.data;
  // The editor hands over nothing where the click met the row in the middle of a refresh.
  throw new UserFacingError('invalid-argument', ...nothingGiven[what]());
}
