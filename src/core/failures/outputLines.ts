import type { ExecutionResult } from '../model/execution.ts';
import { cutStart, stripAnsi } from '../text/printable.ts';

/** How much of one line is kept, in characters. */
const longestLine = 1000;

/** Where, in a long line, what went wrong is announced. */
const announced = /\b(?:[\w.]{1,100}(?:Error|Exception)|error code|fatal|failed)\b/gi;

/**
 * The lines of an executor's output as a person reads them: without colors, ended by carriage returns too (progress bars
 * overwrite themselves), without SQL statements that SQLAlchemy quotes (their columns are named like errors), of a long
 * line its end.
 */
export function outputLines(output: string): string[] {
  const lines = stripAnsi(output).split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*\[(?:SQL|parameters): /.test(line)) {
      const end = endOfQuote(lines, at);
      at = end;
      continue;
    }
    kept.push(shorten(line));
  }
  return kept;
}

/** The line on which a quoted statement ends; the line itself where it does not end. */
function endOfQuote(lines: readonly string[], start: number): number {
  for (let at = start; at < Math.min(lines.length, start + 200); at++) {
    if (/\]\s*$/.test((lines[at] ?? '').slice(-20))) return at;
  }
  return start;
}

/** The end of a long line, from the last place at which it announces an error where there is one. */
function shorten(line: string): string {
  if (line.length <= longestLine) return line;
  const end = line.slice(-longestLine);
  const last = [...end.matchAll(announced)].at(-1);
  return last === undefined || last.index === 0 ? cutStart(line, longestLine) : `…${end.slice(last.index)}`;
}

/** What a line of an executor's output can show about telemetry and the model. */
export const evidencePatterns = {
  /** A context or message limit of the model, in the words of its services and of Autopack. */
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
