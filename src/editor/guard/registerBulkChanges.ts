import { registerCommand } from '../commands/registerCommand.ts';
import { clusterTarget, phaseTarget, phaseTargets, runTarget, runTargets } from '../commands/targets.ts';
import { DisposableStore } from '../disposableStore.ts';
import { deleteRun } from './deleteRun.ts';
import { type BulkDeps, requeuePhases } from './requeuePhases.ts';

/** The commands that change many rows at once: each asks first, backs up, and offers the way back. */
export function registerBulkChanges(deps: BulkDeps): DisposableStore {
  const { errors } = deps;
  const store = new DisposableStore();
  store.add(
    registerCommand('requeuePhase', errors, (target, selected) => {
      const chosen = phaseTargets(selected);
      return requeuePhases({ keys: chosen.length > 0 ? chosen : [phaseTarget(target)] }, deps);
    }),
  );
  store.add(
    registerCommand('requeueRun', errors, (target, selected) => {
      const chosen = runTargets(selected).map(({ runId }) => runId);
      return requeuePhases({ runIds: chosen.length > 0 ? chosen : [runTarget(target).runId] }, deps);
    }),
  );
  store.add(
    registerCommand('requeueCluster', errors, (target) =>
      requeuePhases({ fingerprint: clusterTarget(target).fingerprint }, deps),
    ),
  );
  store.add(registerCommand('deleteRun', errors, (target) => deleteRun(runTarget(target).runId, deps)));
  return store;
}
