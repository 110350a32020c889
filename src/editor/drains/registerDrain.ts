import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import type { FollowEnd } from '../../node/drain/drainClient.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { phaseTarget, phaseTargets, runTarget, runTargets, sessionTarget } from '../commands/targets.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import type { DrainDatabaseDeps } from './drainDatabase.ts';
import type { DrainSubject } from './drainSubject.ts';
import { PlanDocuments } from './planDocuments.ts';

/** What the drain commands need. */
export interface DrainCommandDeps extends Omit<DrainDatabaseDeps, 'plans'> {
  readonly errors: ErrorReporter;
}

/** How the selected database is drained, where a command does more than that. */
export interface DrainHow {
  /** The executor that was chosen before. */
  readonly wanted?: ExecutorName;
  /** A person agreed to it with an earlier plan. */
  readonly isAgreed?: boolean;
  /** A step of more, whose outcome is told at its end. */
  readonly isStep?: boolean;
}

/** A drain that was begun and has ended, or is no longer followed. */
export interface EndedDrain {
  /** The name of its executor. */
  readonly executor: string;
  readonly options: DrainRequest;
  readonly end: FollowEnd;
}

/** Drains the selected database; `undefined` where the user does not want it. */
export type DrainSelected = (
  subject: DrainSubject | undefined,
  how?: DrainHow,
) => Promise<EndedDrain | undefined>;

/** Draining a batch, a run, a phase, what was selected, and what a session has left; and for commands that do more. */
export function registerDrain(deps: DrainCommandDeps): {
  readonly registered: DisposableStore;
  readonly drain: DrainSelected;
} {
  const store = new DisposableStore();
  const { errors } = deps;
  const plans = store.add(new PlanDocuments(errors));
  const drain: DrainSelected = async (subject, how = {}) =>
    (await import('./drainDatabase.ts')).drainDatabase({ ...deps, plans }, subject, how);
  store.add(registerCommand('drain', errors, () => drain(undefined)));
  store.add(
    registerCommand('drainRun', errors, (target, selected) =>
      drain(
        isSeveral(selected)
          ? selectionOf(selected)
          : { kind: 'run', ...runTarget(targetInSelected(target, deps.selected.path)) },
      ),
    ),
  );
  store.add(
    registerCommand('drainPhase', errors, (target, selected) =>
      drain(
        isSeveral(selected)
          ? selectionOf(selected)
          : { kind: 'phase', ...phaseTarget(targetInSelected(target, deps.selected.path)) },
      ),
    ),
  );
  store.add(
    registerCommand('drainSelected', errors, (target, selected) => {
      const rows = Array.isArray(selected) ? selected : [target];
      return drain(selectionOf(rows));
    }),
  );
  store.add(
    registerCommand('resumeDrain', errors, (target) => drain({ kind: 'session', ...sessionTarget(target) })),
  );
  return { registered: store, drain };
}

function isSeveral(selected: unknown): selected is readonly unknown[] {
  return Array.isArray(selected) && selected.length > 1;
}

/** Rows that were selected together. Fails with `invalid-argument` where none is a phase or a run. */
function selectionOf(rows: readonly unknown[]): DrainSubject {
  const [keys, runs] = [phaseTargets(rows), runTargets(rows)];
  if (keys.length === 0 && runs.length === 0) phaseTarget(rows[0]);
  return { kind: 'selected', keys, runIds: runs.map(({ runId }) => runId) };
}
