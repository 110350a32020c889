import { isAbsolute, join } from 'node:path';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import { eventsOf, tokensOf } from '../../core/model/phaseObservation.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { normaliseState, type State } from '../../core/model/state.ts';
import type { StoredDrain } from './storedDrain.ts';

/** A phase that was drained, now or in an earlier session, as a row shows it. */
export interface DrainedPhase extends PhaseKey {
  readonly finalState: State;
  readonly success: boolean;
  readonly durationMs: number | null;
  /** Telemetry events. */
  readonly events: number;
  /** `null` where the session does not say. */
  readonly tokens: number | null;
  readonly error: string | null;
  /** Why there was no telemetry: a cause of ours, or a code of the reference. */
  readonly cause: string | null;
  /** What shows the cause, and what to do about it. */
  readonly evidence: string | null;
  readonly advice: string | null;
  readonly notes: readonly string[];
  /** Absolute; `null` where none was kept. */
  readonly stdoutPath: string | null;
  readonly stderrPath: string | null;
}

/** A result of the drain under way. */
export function drainedNow(result: DrainResult): DrainedPhase {
  const { zeroYield, stdoutPath, stderrPath } = result;
  return {
    ...result,
    events: eventsOf(result.yield),
    tokens: tokensOf(result.yield),
    cause: zeroYield?.cause ?? null,
    evidence: zeroYield?.evidence ?? null,
    advice: zeroYield?.advice ?? null,
    stdoutPath: stdoutPath === '' ? null : stdoutPath,
    stderrPath: stderrPath === '' ? null : stderrPath,
  };
}

/** The results of a session on disk. */
export function drainedThen({ session, facts, folder }: StoredDrain): readonly DrainedPhase[] {
  // The reference writes its paths relative to the folder it runs in.
  const absolute = (path: string | null): string | null =>
    path === null || path === '' ? null : isAbsolute(path) ? path : join(folder, path);
  return session.results.map((result, index) => {
    const { run_id: runId, phase_id: phaseId, subprocess_duration_seconds: seconds } = result;
    const parallel = facts?.results[index];
    const ours = parallel?.runId === runId && parallel.phaseId === phaseId ? parallel : undefined;
    return {
      runId,
      phaseId,
      finalState: normaliseState(result.final_state),
      success: result.success,
      durationMs: seconds === null ? null : seconds * 1000,
      events: result.telemetry_events_collected ?? 0,
      tokens: ours === undefined ? null : tokensOf(ours.yield),
      error: result.error_message,
      cause: ours?.zeroYield?.cause ?? result.zero_yield_reason,
      evidence: ours?.zeroYield?.evidence ?? null,
      advice: ours?.zeroYield?.advice ?? null,
      notes: ours?.notes ?? [],
      stdoutPath: absolute(result.subprocess_stdout_path),
      stderrPath: absolute(result.subprocess_stderr_path),
    };
  });
}
