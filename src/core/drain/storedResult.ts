import * as z from 'zod';
import { epochMs } from '../model/timestamp.ts';
import type { DrainResult } from './drainResult.ts';
import { referenceResult } from './referenceSession.ts';
import { zeroYieldCauses, zeroYieldCodes } from './zeroYield.ts';

/** How much of each stream is kept in a session file, in characters; the reference keeps as much. */
const excerptLength = 500;

/** What appeared for a phase, as it is stored. */
export const storedYield = z.object({
  estimationEvents: z.number(),
  escalationEvents: z.number(),
  outputTokens: z.number(),
  llmCalls: z.number(),
  llmTokens: z.number(),
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
  reference: referenceResult.exactOptional(),
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
