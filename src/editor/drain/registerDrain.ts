import { registerCommand } from '../commands/registerCommand.ts';
import { phaseTarget, phaseTargets, runTarget, sessionTarget } from '../commands/targets.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { drainDatabase, type DrainDatabaseDeps } from './drainDatabase.ts';
import type { DrainSubject } from './drainSubject.ts';
import { PlanDocuments } from './planDocuments.ts';

/** What the drain commands need. */
export interface DrainCommandDeps extends Omit<DrainDatabaseDeps, 'plans'> {
  readonly errors: ErrorReporter;
}

/** Draining a batch, a run, a phase, what was selected, and what a session has left. */
export function registerDrain(deps: DrainCommandDeps): DisposableStore {
  const store = new DisposableStore();
  const { errors } = deps;
  const plans = store.add(new PlanDocuments(errors));
  const drain = async (subject: DrainSubject | undefined): Promise<void> => {
    await drainDatabase({ ...deps, plans }, subject);
  };
  store.add(registerCommand('drain', errors, () => drain(undefined)));
  store.add(registerCommand('drainRun', errors, (target) => drain({ kind: 'run', ...runTarget(target) })));
  store.add(
    registerCommand('drainPhase', errors, (target) => drain({ kind: 'phase', ...phaseTarget(target) })),
  );
  store.add(
    registerCommand('drainSelected', errors, (target, selected) => {
      const keys = phaseTargets(selected);
      return drain({ kind: 'selection', keys: keys.length === 0 ? [phaseTarget(target)] : keys });
    }),
  );
  store.add(
    registerCommand('resumeDrain', errors, (target) => drain({ kind: 'session', ...sessionTarget(target) })),
  );
  return store;
}
