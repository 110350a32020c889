import * as z from 'zod';
import { drainPauses, type DrainProgress, type LiveDrain } from '../core/drain/drainProgress.ts';
import { drainStopKinds, type DrainSummary } from '../core/drain/drainSummary.ts';
import { storedResult, storedYield } from '../core/drain/hygieneSession.ts';
import type { SharedWorker } from '../core/drain/sharedDrain.ts';
import { skipCodes } from '../core/drain/skips.ts';
import type { SerializedError } from '../core/errors.ts';
import type { ExecutionActivity } from '../core/model/executionHost.ts';
import { epochMs } from '../core/model/timestamp.ts';
import { answerToDrain, requestToFollower, type FollowerRequest } from './followerProtocol.ts';
import { serializedError } from './serializedError.ts';

/** Both sides must speak the same; a drain may be older or newer than the window that finds it. */
export const drainProtocolVersion = 3;

/** What a follower may ask of a drain: to end, to start no other phase for now, and to go on. */
export interface DrainControl {
  readonly kind: 'cancel' | 'pause' | 'continue';
}

/** Follower to drain: what it asks, and how it serves what the drain asks of it. */
export type DrainRequestMessage = z.output<typeof drainRequestMessage>;
export const drainRequestMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('continue') }),
  ...answerToDrain,
]);

/**
 * Drain to follower: `hello` first, with all progress so far, then each piece of progress. It ends with the progress
 * `stopped`, or with `failed` where the drain threw; a link that ends otherwise was cut, or the drain has died.
 */
export type DrainReply =
  | { readonly kind: 'hello'; readonly version: number; readonly live: LiveDrain }
  | { readonly kind: 'progress'; readonly progress: DrainProgress }
  /** A person has asked for the end of the drain, here or elsewhere. */
  | { readonly kind: 'cancelling' }
  | { readonly kind: 'request'; readonly id: number; readonly request: FollowerRequest }
  | { readonly kind: 'withdrawn'; readonly id: number }
  | { readonly kind: 'failed'; readonly error: SerializedError };

const key = z.object({ runId: z.string(), phaseId: z.string() });
const pause = z.enum(drainPauses);

const activity = z.object({
  step: z.enum(['asking', 'approving', 'writing', 'verifying', 'waiting']),
  outputTokens: z.number(),
  cost: z.number().nullable(),
  until: epochMs.exactOptional(),
}) satisfies z.ZodType<ExecutionActivity>;

const worker = z.object({
  number: z.number(),
  executes: z.boolean(),
  host: z.string(),
  pid: z.number(),
  isAlive: z.boolean(),
  phase: key.extend({ since: epochMs }).nullable(),
}) satisfies z.ZodType<SharedWorker>;

const live = z.object({
  databasePath: z.string(),
  workspaceFolder: z.string(),
  executor: z.string(),
  startedAt: epochMs,
  sessionId: z.string().nullable(),
  expected: z.number(),
  results: z.array(storedResult),
  ended: z.number(),
  inFlight: z
    .object({
      key,
      startedAt: epochMs,
      timeoutMs: z.number(),
      reason: z.string(),
      activity: activity.nullable(),
    })
    .nullable(),
  workers: z.array(worker),
  isCancelling: z.boolean(),
  pause,
  pausedAt: epochMs.nullable(),
  pausedMs: z.number(),
}) satisfies z.ZodType<LiveDrain>;

const summary = z.object({
  sessionId: z.string().nullable(),
  sessionPath: z.string().nullable(),
  executor: z.string(),
  startedAt: epochMs,
  endedAt: epochMs,
  activeMs: z.number(),
  stop: z.object({ kind: z.enum(drainStopKinds), message: z.string(), complete: z.boolean() }),
  processed: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  timedOut: z.number(),
  cancelled: z.number(),
  interrupted: z.number(),
  events: z.number(),
  yield: storedYield,
  results: z.array(storedResult),
  notTaken: z.array(z.object({ code: z.enum(skipCodes), reason: z.string(), phases: z.array(key) })),
  warnings: z.array(z.string()),
  nextStep: z.string(),
}) satisfies z.ZodType<DrainSummary>;

const progress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('session-started'),
    sessionId: z.string(),
    sessionPath: z.string(),
    executor: z.string(),
    candidates: z.number(),
    batchSize: z.number(),
  }),
  z.object({ kind: z.literal('warning'), message: z.string() }),
  z.object({
    kind: z.literal('phase-started'),
    key,
    number: z.number(),
    of: z.number(),
    attempt: z.number(),
    reason: z.string(),
    startedAt: epochMs,
    timeoutMs: z.number(),
  }),
  z.object({ kind: z.literal('phase-progress'), key, activity }),
  z.object({ kind: z.literal('phase-finished'), result: storedResult }),
  z.object({
    kind: z.literal('run-judged'),
    runId: z.string(),
    promising: z.boolean(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('pause-changed'), pause, at: epochMs }),
  z.object({ kind: z.literal('workers-changed'), workers: z.array(worker) }),
  z.object({ kind: z.literal('stopped'), summary }),
]) satisfies z.ZodType<DrainProgress>;

/** A version this program does not speak still says which it is. */
export const drainReplyVersion = z.object({ kind: z.literal('hello'), version: z.number() });

export const drainReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), version: z.literal(drainProtocolVersion), live }),
  z.object({ kind: z.literal('progress'), progress }),
  z.object({ kind: z.literal('cancelling') }),
  ...requestToFollower,
  z.object({ kind: z.literal('failed'), error: serializedError }),
]) satisfies z.ZodType<DrainReply>;
