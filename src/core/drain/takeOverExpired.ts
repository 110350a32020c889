import { serializeError } from '../errors.ts';
import { t } from '../text/l10n.ts';
import type { DrainPorts } from './drainPorts.ts';
import { executionHostFor } from './executionHostFor.ts';
import { finishInterrupted } from './resumeSession.ts';
import type { SharedWork } from './runShared.ts';
import type { TakenOverLease } from './sharedDrain.ts';

/**
 * Takes over the leases of workers that have died, until the signal fires: what their executions came to is found out, what
 * they left is set right, and the phases may be taken again. Never rejects.
 */
export async function takeOverExpired(work: SharedWork, signal: AbortSignal): Promise<void> {
  const { shared, ports } = work;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      const taken = await shared.takeOver();
      if (taken !== null) {
        await settleTaken(work, taken, signal);
        continue;
      }
    } catch (error) {
      if (!isOver()) {
        ports.logger.warn(`A lease could not be taken over: ${serializeError(error).message}`);
      }
    }
    await ports.clock.sleep(shared.leaseMs / 4, signal).catch(() => undefined);
  }
}

async function settleTaken(
  work: SharedWork,
  { lease, execution, from }: TakenOverLease,
  signal: AbortSignal,
): Promise<void> {
  const { shared, session, options, target, notify, host: machine } = work;
  const { runId, phaseId } = lease;
  notify({
    kind: 'warning',
    message: t`The lease of ${phaseId} of ${runId} has run out (${from}); it is taken over.`,
  });
  if (execution === null) return shared.release(lease);
  const isHere = execution.host === machine && execution.workspaceFolder === target.workspaceFolder;
  const ports = isHere ? work.ports : withoutFollowing(work.ports);
  const key = { runId, phaseId };
  const ended = AbortSignal.any([signal, lease.lost]);
  const host = executionHostFor(key, ports, options, session.ledger, notify, ended);
  const drain = { sessionId: session.place.sessionId, options, target, ports, host };
  const results = await finishInterrupted(drain, execution, notify, ended).catch((error: unknown) => {
    // Renewed by one that does nothing for it, it would hold up everybody.
    shared.giveUp(lease);
    throw error;
  });
  if (!ended.aborted) await shared.settle(lease, results);
}

/** The files and processes of another machine are out of reach: what the database says has to do. */
function withoutFollowing(ports: DrainPorts): DrainPorts {
  const { executor } = ports;
  const { name, settleMs, runsFirstQueued } = executor;
  return {
    ...ports,
    executor: {
      name,
      execute: (...work) => executor.execute(...work),
      ...(settleMs === undefined ? {} : { settleMs }),
      ...(runsFirstQueued === undefined ? {} : { runsFirstQueued }),
    },
  };
}
