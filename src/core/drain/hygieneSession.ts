import { z } from 'zod';
import { zeroYieldCodes } from './zeroYield.ts';

const time = z.number();
const phaseYield = z.object({
  estimationEvents: z.number(),
  escalationEvents: z.number(),
  outputTokens: z.number(),
  llmCalls: z.number(),
  llmTokens: z.number(),
});

/**
 * What we know of a session beyond the reference's file, in a file beside it. Times are ms since the epoch.
 * `results` run parallel to the reference's.
 */
export const hygieneSession = z.object({
  version: z.literal(1),
  sessionId: z.string(),
  executor: z.string(),
  /** Absolute. */
  databasePath: z.string(),
  status: z.enum(['running', 'stopped', 'complete']),
  /** Why it ended; `null` while it runs, and after it was killed. */
  stop: z.object({ kind: z.string(), message: z.string() }).nullable(),
  /** The phase being executed: known before it starts, so that a killed drain can be understood. */
  inFlight: z
    .object({
      runId: z.string(),
      phaseId: z.string(),
      attempt: z.number(),
      initialState: z.string(),
      startedAt: time,
    })
    .nullable(),
  options: z.record(z.string(), z.unknown()),
  results: z.array(
    z.object({
      runId: z.string(),
      phaseId: z.string(),
      askedFor: z.string().nullable(),
      attempt: z.number(),
      outcome: z.enum(['exited', 'timed-out', 'cancelled', 'failed-to-start']),
      exitCode: z.number().nullable(),
      startedAt: time,
      finishedAt: time,
      yield: phaseYield,
      zeroYield: z
        .object({ code: z.enum(zeroYieldCodes), cause: z.string(), evidence: z.string(), advice: z.string() })
        .nullable(),
      notes: z.array(z.string()),
    }),
  ),
});

/** The content of our file beside a session file. */
export type HygieneSession = Readonly<z.output<typeof hygieneSession>>;
