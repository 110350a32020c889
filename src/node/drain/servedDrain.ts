import { newLiveDrain, PauseGate, type DrainListener } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { DrainRequestMessage } from '../../protocol/drainProtocol.ts';
import { makeDrainEndpoint, type DrainEndpoint } from './drainEndpoint.ts';
import { DrainServer } from './drainServer.ts';
import { runDrain, type DrainRun } from './runDrain.ts';

/** A drain without what following it needs. */
export type ServedDrainJob = Omit<DrainRun, 'gate' | 'endpoint'>;

/** Where somebody is known to wait for the drain. */
export interface ExpectedFollower {
  /** The socket or pipe at which the drain is to be followed. */
  readonly path: string;
  /** How long the follower may take to come, in ms, should the drain end before. */
  readonly lingerMs: number;
}

/**
 * Drains like {@link runDrain}, and can be followed, paused and cancelled by other programs meanwhile. Where nobody is
 * known to wait, an endpoint that cannot be had is no reason not to drain.
 */
export async function runServedDrain(
  job: ServedDrainJob,
  signal: AbortSignal,
  expected: ExpectedFollower | null = null,
): Promise<DrainSummary> {
  const made = expected === null ? await endpointOrNone(job) : null;
  const path = expected?.path ?? made?.path;
  const cancel = new AbortController();
  const gate = new PauseGate();
  const server = path === undefined ? null : await listen(path, job, { cancel, gate }, expected !== null);
  const onAbort = (): void => server?.notifyCancelling();
  const both = AbortSignal.any([signal, cancel.signal]);
  both.addEventListener('abort', onAbort);
  const onProgress: DrainListener = (progress) => {
    server?.notify(progress);
    job.onProgress?.(progress);
  };
  const endpoint = server === null ? {} : { endpoint: path };
  try {
    return await runDrain({ ...job, gate, onProgress, ...endpoint }, both);
  } catch (error) {
    server?.fail(error);
    throw error;
  } finally {
    both.removeEventListener('abort', onAbort);
    await server?.close(expected?.lingerMs ?? 0);
    await made?.remove().catch(() => undefined);
  }
}

async function endpointOrNone({ logger }: ServedDrainJob): Promise<DrainEndpoint | null> {
  try {
    return await makeDrainEndpoint();
  } catch (error) {
    logger.warn(`The drain cannot be followed: ${String(error)}`);
    return null;
  }
}

interface Controls {
  readonly cancel: AbortController;
  readonly gate: PauseGate;
}

async function listen(
  path: string,
  job: ServedDrainJob,
  { cancel, gate }: Controls,
  isNeeded: boolean,
): Promise<DrainServer | null> {
  const { databasePath, workspaceFolder, clock, logger } = job;
  const live = newLiveDrain({
    databasePath,
    workspaceFolder,
    executor: job.executor.name,
    startedAt: clock.now(),
  });
  const onRequest = ({ kind }: DrainRequestMessage): void => {
    switch (kind) {
      case 'cancel':
        cancel.abort();
        return;
      case 'pause':
        gate.close();
        return;
      case 'continue':
        gate.open();
    }
  };
  try {
    return await DrainServer.listen({ path, live, onRequest, logger });
  } catch (error) {
    if (isNeeded) throw error;
    logger.warn(`The drain cannot be followed: ${String(error)}`);
    return null;
  }
}
