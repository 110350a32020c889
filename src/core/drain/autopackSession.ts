import * as z from 'zod';

const count = z.number().int().nonnegative().catch(0);
const optionalText = z.string().nullish().default(null);
const optionalNumber = z.number().nullish().default(null);
const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

/** One result as Autopack writes it. */
export const autopackResult = z.object({
  run_id: z.string(),
  phase_id: z.string(),
  phase_index: z.number().int().catch(0),
  initial_state: z.string(),
  final_state: z.string(),
  success: z.boolean(),
  error_message: optionalText,
  timestamp: optionalText,
  subprocess_returncode: optionalNumber,
  subprocess_duration_seconds: optionalNumber,
  subprocess_stdout_path: optionalText,
  subprocess_stderr_path: optionalText,
  subprocess_stdout_excerpt: optionalText,
  subprocess_stderr_excerpt: optionalText,
  failure_fingerprint: optionalText,
  telemetry_events_collected: optionalNumber,
  telemetry_yield_per_minute: optionalNumber,
  reached_llm_boundary: z.boolean().nullish().default(null),
  zero_yield_reason: optionalText,
});

/**
 * A session file as Autopack reads and writes it: exactly these keys, for others break its loader.
 * Times are ISO texts in UTC, sets are sorted lists. Older files lack the later keys.
 */
export const autopackSession = z.object({
  session_id: z.string(),
  started_at: z.string(),
  completed_at: optionalText,
  batch_size: z.number().int().catch(10),
  total_processed: count,
  total_success: count,
  total_failed: count,
  total_timeouts: count,
  total_telemetry_events: count,
  results: z
    .array(autopackResult)
    .nullish()
    .transform((list) => list ?? []),
  fingerprint_counts: z
    .record(z.string(), z.number())
    .nullish()
    .transform((counts) => counts ?? {}),
  stopped_fingerprints: names,
  stopped_runs: names,
  consecutive_zero_yield: count,
  sampled_runs: names,
  promising_runs: names,
  deprioritized_runs: names,
});

/** The content of a session file. */
export type AutopackSession = Readonly<z.output<typeof autopackSession>>;

/** One entry of `results`. */
export type AutopackResult = Readonly<z.output<typeof autopackResult>>;

/** The return code under which Autopack's controller records a timeout. */
export const timeoutReturnCode = -1;
