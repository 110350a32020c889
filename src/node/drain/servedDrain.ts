import {
  newLiveDrain,
  PauseGate,
  type DrainListener,
  type DrainProgress,
} from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { DrainControl } from '../../protocol/drainProtocol.ts';
import { makeDrainEndpoint, type DrainEndpoint } from './drainEndpoint.ts';
import { DrainServer } from './drainServer.ts';
import { FollowerRequests } from './followerRequests.ts';
import { runDrain, type DrainRun } from './runDrain.ts';

/** A drain without what following it needs. */
export type ServedDrainJob = Omit<DrainRun, 'gate' | 'endpoint'>;

/** How long what is asked of followers waits for one, in ms: a window takes so long to be reloaded. */
export const absentFollowerMs = 60_000;
/** How often what an execution is at is told, in ms. */
const activityMs = 250;

/** Where somebody is known to wait for the drain. */
export interface ExpectedFollower {
  /** The socket or pipe at which the drain is to be followed. */
  readonly path: string;
  /** How long the follower may take to come, in ms, should the drain end before. */
  readonly lingerMs: number;
  /** What the job asks of them. */
  readonly requests: FollowerRequests;
}

/**
 * Drains like {@link runDrain}, and can be followed, paused and cancelled by other programs meanwhile. Where nobody is
 * known to wait, failing to create the endpoint does not prevent the drain.
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
  const requests =
    expected?.requests ?? new FollowerRequests({ absentMs: absentFollowerMs, logger: job.logger });
  const server =
    path === undefined ? null : await listen(path, job, { cancel, gate, requests }, expected !== null);
  const onAbort = (): void => server?.notifyCancelling();
  const both = AbortSignal.any([signal, cancel.signal]);
  both.addEventListener('abort', onAbort);
  const onProgress = withFewerActivities((progress) => {
    server?.notify(progress);
    job.onProgress?.(progress);
  }, activityMs);
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
  readonly requests: FollowerRequests;
}

async function listen(
  path: string,
  job: ServedDrainJob,
  { cancel, gate, requests }: Controls,
  isNeeded: boolean,
): Promise<DrainServer | null> {
  const { databasePath, workspaceFolder, clock, logger } = job;
  const live = newLiveDrain({
    databasePath,
    workspaceFolder,
    executor: job.executor.name,
    startedAt: clock.now(),
  });
  const onRequest = ({ kind }: DrainControl): void => {
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
    return await DrainServer.listen({ path, live, onRequest, requests, logger });
  } catch (error) {
    if (isNeeded) throw error;
    logger.warn(`The drain cannot be followed: ${String(error)}`);
    return null;
  }
}

/**
 * Passes progress on, but throttles activity updates, which may come with each token. A new step is passed on at
 * once, and the last of what was held back follows.
 */
export function withFewerActivities(listener: DrainListener, everyMs: number): DrainListener {
  let held: Extract<DrainProgress, { kind: 'phase-progress' }> | null = null;
  let step: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = null;
      if (held === null) return;
      const last = held;
      held = null;
      listener(last);
      rest();
    }, everyMs);
    // It keeps no process alive.
    timer.unref();
  };
  return (progress) => {
    if (progress.kind === 'phase-progress' && progress.activity.step === step && timer !== null) {
      held = progress;
      return;
    }
    clearTimeout(timer ?? undefined);
    timer = null;
    held = null;
    step = progress.kind === 'phase-progress' ? progress.activity.step : null;
    listener(progress);
    if (step !== null) rest();
  };
}
