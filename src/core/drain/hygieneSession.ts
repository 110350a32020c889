import * as z from 'zod';
import { epochMs } from '../model/timestamp.ts';
import { autopackResult } from './autopackSession.ts';
import type { DrainResult } from './drainResult.ts';
import { zeroYieldCauses, zeroYieldCodes } from './zeroYield.ts';

/** How much of each stream is kept in a session file, in characters; Autopack keeps as much. */
const excerptLength = 500;

/** What appeared for a phase, as it is stored. */
export const storedYield = z.object({
  estimationEvents: z.number(),
  escalationEvents: z.number(),
  outputTokens: z.number(),
  llmCalls: z.number(),
  llmTokens: z.number(),
});

const storedCost = z.object({
  input: z.number(),
  cached: z.number(),
  cacheWrite: z.number(),
  output: z.number(),
  reasoning: z.number(),
});

/** What a phase used of models, as it is stored. */
const storedSpend = z.object({
  calls: z.number(),
  uncachedInput: z.number(),
  cachedInput: z.number(),
  cacheWrite: z.number(),
  output: z.number(),
  reasoning: z.number(),
  cost: storedCost,
  unpricedCalls: z.number(),
  countedCalls: z.number(),
});

/** A result as it lies in our session file: whole, but for the output, of which the logs hold all. */
export const storedResult = z.object({
  runId: z.string(),
  phaseId: z.string(),
  phaseIndex: z.number(),
  askedFor: z.string().nullable(),
  /** Earlier versions kept a note in its place. */
  alongside: z.string().nullable().default(null),
  attempt: z.number(),
  initialState: z.string(),
  finalState: z.string(),
  success: z.boolean(),
  outcome: z.enum(['exited', 'timed-out', 'cancelled', 'failed-to-start', 'interrupted']),
  exitCode: z.number().nullable(),
  startedAt: epochMs,
  finishedAt: epochMs,
  durationMs: z.number(),
  error: z.string().nullable(),
  fingerprint: z.string().nullable(),
  yield: storedYield,
  /** Earlier versions did not count them. */
  otherTokens: z.number().default(0),
  spend: storedSpend.exactOptional(),
  zeroYield: z
    .object({
      code: z.enum(zeroYieldCodes),
      cause: z.enum(zeroYieldCauses),
      evidence: z.string(),
      advice: z.string(),
    })
    .nullable(),
  reachedModelLimit: z.boolean(),
  stdoutPath: z.string(),
  stderrPath: z.string(),
  stdoutTail: z.string(),
  stderrTail: z.string(),
  notes: z.array(z.string()),
  reference: autopackResult.exactOptional(),
});

/** A result in the form in which it is stored. */
export function toStoredResult(result: DrainResult): z.output<typeof storedResult> {
  return {
    ...result,
    stdoutTail: excerptOf(result.stdoutTail),
    stderrTail: excerptOf(result.stderrTail),
    notes: [...result.notes],
  };
}

/** The end of the output, which says more about a failure than its beginning. */
export function excerptOf(tail: string): string {
  return tail.slice(-excerptLength);
}

const state = z.string();

/** A phase as it was right before it was executed. */
const phaseSnapshot = z.object({
  phaseId: z.string(),
  phaseIndex: z.number(),
  /** Earlier versions kept neither of these. */
  tierIndex: z.number().default(0),
  rowId: z.number().default(0),
  work: z
    .object({
      attempts: z.array(z.number()),
      tokens: z.number(),
      startedAt: z.string().nullable(),
      completedAt: z.string().nullable(),
    })
    .nullable()
    .default(null),
  state,
  failureReason: z.string().nullable(),
  revision: z.string(),
});

/** The options of a drain, as they are stored and handed on. */
export const storedOptions = z
  .object({
    batchSize: z.number(),
    phaseTimeoutSeconds: z.number(),
    maxTotalMinutes: z.number().nullable(),
    maxTokens: z.number().nullable(),
    maxCost: z.number().nullable(),
    warnCost: z.number().nullable(),
    maxTimeoutsPerRun: z.number(),
    maxAttemptsPerPhase: z.number(),
    maxFingerprintRepeats: z.number(),
    maxConsecutiveZeroYield: z.number().nullable(),
    maxSameFailureRuns: z.number().nullable(),
    maxTransientRetries: z.number(),
    retryDelaySeconds: z.number(),
    skipRunPrefixes: z.array(z.string()),
    allowEmptyDatabase: z.boolean(),
    allowMissingTelemetry: z.boolean(),
    allowEarlierQueued: z.boolean(),
    runId: z.string().nullable(),
    states: z.array(state).nullable(),
    match: z
      .object({ text: z.string(), categories: z.array(z.string()), complexities: z.array(z.string()) })
      .nullable(),
    phaseKeys: z.array(z.object({ runId: z.string(), phaseId: z.string() })).nullable(),
  })
  .partial();

/**
 * What we know of a session, in a file beside Autopack's: all that is needed to go on, so that the one file written
 * first decides what happened. Times are ms since the epoch.
 */
export const hygieneSession = z.object({
  /** 3 where the drain is bounded by a match: a program that knows none must not go on with it, for it would drain more. */
  version: z.union([z.literal(2), z.literal(3)]),
  sessionId: z.string(),
  executor: z.string(),
  /** Absolute. */
  databasePath: z.string(),
  /** Which database lay there: another may be put in its place. Earlier versions kept the path alone. */
  database: z
    .object({
      id: z.string(),
      role: z.enum(['seed', 'legacy']),
      fileId: z.string(),
      /** The last change that the drain knew of: what is there now may be an older state. */
      lastSerial: z.number().default(0),
    })
    .nullable()
    .default(null),
  /** Variables that were set for its executions, see `knownVariables`. */
  environment: z.record(z.string(), z.string()).default({}),
  startedAt: epochMs,
  /** How long the drain was at work when this was written, in ms, without the time between a stop and a resume. */
  activeMs: z.number(),
  status: z.enum(['running', 'stopped', 'complete']),
  /** Why it ended; `null` while it runs, and after it was killed. */
  stop: z.object({ kind: z.string(), message: z.string() }).nullable(),
  /** The phase being executed: known before it starts, so that what a killed drain did can be found out. */
  inFlight: z
    .object({
      runId: z.string(),
      phaseId: z.string(),
      rowId: z.number(),
      attempt: z.number(),
      startedAt: epochMs,
      /** The database as it was: the phase, the others of its run that could be drained, the last telemetry rows. */
      before: z.object({
        phase: phaseSnapshot,
        siblings: z.array(phaseSnapshot),
        marks: z.object({ estimation: z.number(), escalation: z.number(), usage: z.number() }),
        hasTelemetryTable: z.boolean(),
        runRevision: z.string().nullable().default(null),
      }),
      logs: z.object({ stdoutPath: z.string(), stderrPath: z.string() }),
    })
    .nullable(),
  options: storedOptions,
  results: z.array(storedResult),
});

/** The content of our file beside a session file. */
export type HygieneSession = Readonly<z.output<typeof hygieneSession>>;
