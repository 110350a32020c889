import { cutStart } from '../text/printable.ts';
import type { ExecutionResult } from './executorPort.ts';
import { outputLines } from './outputLines.ts';

/** What a line of an executor's output can show about telemetry and the model. */
export const evidencePatterns = {
  /** A context or message limit of the model, in the words of its services and of the reference. */
  modelLimit:
    /max_turns|message limit|context_length_exceeded|maximum context|token limit exceeded|context window exceeded|conversation too long|prompt is too long/i,
  telemetryDisabled:
    /TELEMETRY_DB_ENABLED\W{0,4}(?:is )?(?:0|false|off|not set|unset|disabled)\b|\btelemetry (?:is )?disabled\b/i,
  tableMissing:
    /no such (?:table|column): *token_(?:estimation_v2|budget_escalation)_events|token_estimation_v2_events has no column/i,
  /** At the head of a line, where interpreters put it; a traceback quotes source lines that hold the same words. */
  importError:
    /^(?:\w+(?:\.\w+)*\.)?(?:ModuleNotFoundError|ImportError|SyntaxError)\b|\bERR_MODULE_NOT_FOUND\b/,
  /** What Autopack's script says when it has looked for the phase in its database, before or after it ran. */
  endedPhase: /\bFinal state: *\w+|\bPhase not found\b/,
  modelCalled:
    /HTTP Request: POST https?:\/\/\S*(?:messages|completions|responses|generateContent)|\[TokenEstimation(?:V2)?\]|\[TOKEN_BUDGET\]/,
} as const;

/** How much of a line is quoted, in characters. */
const longestQuote = 300;

/** The last line that shows it, stderr before stdout; `null` if none does. */
export function findEvidence(
  pattern: RegExp,
  { stdoutTail, stderrTail }: Pick<ExecutionResult, 'stdoutTail' | 'stderrTail'>,
): string | null {
  for (const output of [stderrTail, stdoutTail]) {
    const line = outputLines(output).findLast((each) => pattern.test(each));
    if (line !== undefined) return cutStart(line.trim(), longestQuote);
  }
  return null;
}
