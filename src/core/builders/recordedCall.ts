import * as z from 'zod';
import type { RecordedCall } from '../model/executionHost.ts';
import { epochMs } from '../model/timestamp.ts';

const tokens = z.number().nonnegative();
const dollars = z.number().nonnegative();

/** A call as it is kept in files of ours. */
export const recordedCall = z.object({
  provider: z.string(),
  model: z.string(),
  usage: z.object({
    input: tokens,
    uncachedInput: tokens,
    cachedInput: tokens,
    cacheWrite: tokens,
    output: tokens,
    reasoning: tokens,
    source: z.enum(['reported', 'counted']),
  }),
  stopReason: z.string().nullable(),
  maxTokens: tokens,
  cost: z
    .object({ input: dollars, cached: dollars, cacheWrite: dollars, output: dollars, reasoning: dollars })
    .nullable(),
  startedAt: epochMs,
  finishedAt: epochMs,
  predicted: tokens,
  selectedBudget: tokens,
  success: z.boolean(),
  truncated: z.boolean().nullable(),
}) satisfies z.ZodType<RecordedCall>;
