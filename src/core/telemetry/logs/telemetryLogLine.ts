import { parseTimestamp } from '../../model/timestamp.ts';
import type { LogSample } from './logSamples.ts';

/** What a marker in a log leads to. `damaged` was meant to be a sample, but was cut off or garbled. */
export type TelemetryLogEntry =
  { readonly kind: 'sample'; readonly sample: LogSample } | { readonly kind: 'damaged' };

/** The marker of both formats. Prose names it too, so the first word of a sample must follow. */
const marker = /\[TokenEstimation(V2)?\]\s+(?=Predicted:|predicted_output=)/g;
const v1Body =
  /^Predicted:\s+(\d+) output tokens, Actual:\s+(\d+) output tokens, Error: (?:[\d.]+|nan|inf)%/i;
/** What can stand in a value: quotes, brackets, separators and escapes belong to whatever the line is a part of. */
const valueChars = String.raw`[^\s\p{Cc}"'\u0060\\,;<>()[\]{}|&^]`;
/** From the beginning of a word on: else a long one would be looked at again from each of its letters. */
const v2Field = new RegExp(String.raw`\b(\w+)=(${valueChars}+)`, 'gu');
/** The fields as the writer orders them, which nearly all lines are read by: several times as fast as one by one. */
const v2Body =
  /^predicted_output=(?<predicted_output>\S+) (?:actual_output=(?<actual_output>\S+) smape=\S+|actual_total=(?<actual_total>\S+)) selected_budget=(?<selected_budget>\S+) category=(?<category>\S+) complexity=(?<complexity>\S+) deliverables=(?<deliverables>\S+) success=(?<success>\S+)(?: stop_reason=(?<stop_reason>\S+) truncated=(?<truncated>\S+))? model=(?<model>[\w.:/@+-]+)\s*$/;

/** `[2025-12-29 19:04:18] INFO:`, `2025-12-23 19:35:44,624 - name - INFO -`, and the like. */
const time = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?/i;

const escape = String.fromCharCode(27);
/** Colours and other commands to a terminal, links among them, which a captured log may hold. */
const terminalCommands = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${escape}\u0007]*(?:\u0007|${escape}\\\\))`,
  'g',
);

/**
 * The samples in one line of a log: mostly none, seldom more than one. Whatever stands around them does not matter, be it a
 * prefix, quotes, or a record of JSON. Formats: Autopack's log lines.
 */
export function parseTelemetryLogLine(line: string): readonly TelemetryLogEntry[] {
  // Nearly all lines are something else: this is the only test they get.
  if (!line.includes('[TokenEstimation')) return [];
  const plain = line.replaceAll(terminalCommands, '');
  const text = plain.includes('\\') ? unescaped(plain).replaceAll(terminalCommands, '') : plain;
  const found = [...text.matchAll(marker)];
  return found.map((start, index) => {
    const from = index === 0 ? 0 : (found[index - 1]?.index ?? 0);
    const body = text.slice(start.index + start[0].length, found[index + 1]?.index);
    // Records of JSON often tell the time last.
    const last = text.trimStart().startsWith('{') ? time.exec(body) : null;
    const stamp = (time.exec(text.slice(from, start.index)) ?? last)?.[0];
    const timestamp = stamp === undefined ? null : parseTimestamp(stamp);
    const sample = start[1] === undefined ? parseV1(body, timestamp) : parseV2(body, timestamp);
    return sample === null ? { kind: 'damaged' } : { kind: 'sample', sample };
  });
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', 0: '\0' };

/** The text that JSON, or a program that prints strings in quotes, holds escaped. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(u[\da-f]{4}|x[\da-f]{2}|033|.)/gi, (_, code: string) => {
    if (code === '033') return escape;
    if (code.length > 1) return String.fromCharCode(parseInt(code.slice(1), 16));
    return escapes[code] ?? code;
  });
}

function parseV1(body: string, timestamp: number | null): LogSample | null {
  const [, predicted, actual] = v1Body.exec(body) ?? [];
  if (predicted === undefined || actual === undefined) return null;
  return {
    format: 'v1',
    timestamp,
    predicted: Number(predicted),
    actual: Number(actual),
    selectedBudget: null,
    category: null,
    complexity: null,
    deliverableCount: null,
    success: null,
    stopReason: null,
    truncated: null,
    model: null,
  };
}

function parseV2(body: string, timestamp: number | null): LogSample | null {
  const fields = v2Body.exec(body)?.groups ?? fieldsInAnyOrder(body);
  const fallback = fields.actual_output === undefined;
  const predicted = integer(fields.predicted_output);
  const actual = integer(fields[fallback ? 'actual_total' : 'actual_output']);
  // The model is written last: a line without it was cut off, and so may be the number at its end.
  if (predicted === null || actual === null || fields.model === undefined) return null;
  return {
    format: fallback ? 'fallback' : 'v2',
    timestamp,
    predicted,
    actual,
    selectedBudget: integer(fields.selected_budget),
    category: word(fields.category),
    complexity: word(fields.complexity),
    deliverableCount: integer(fields.deliverables),
    success: flag(fields.success),
    stopReason: word(fields.stop_reason),
    truncated: flag(fields.truncated),
    // A sentence may end here.
    model: word(fields.model.replace(/(?<![.:])[.:]+$/, '')),
  };
}

function fieldsInAnyOrder(body: string): Readonly<Record<string, string | undefined>> {
  // The first of each name: what follows the sample may have fields of its own.
  const fields = Array.from(body.matchAll(v2Field), ([, name = '', value = '']) => [name, value] as const);
  return Object.fromEntries(fields.reverse());
}

function integer(text: string | undefined): number | null {
  const value = text !== undefined && /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function word(text: string | undefined): string | null {
  return text === undefined || text === 'None' ? null : text;
}

function flag(text: string | undefined): boolean | null {
  const value = text?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : null;
}
