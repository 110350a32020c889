import { parseTimestamp } from '../../model/timestamp.ts';
import type { LogSample } from './logSample.ts';

/** What one line of a log is. `damaged` was meant to be a sample, but was cut off or garbled. */
export type TelemetryLogLine =
  | { readonly kind: 'sample'; readonly sample: LogSample }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'other' };

/** The marker of both formats. Prose names it too, so the first word of a sample must follow. */
const marker = /\[TokenEstimation(V2)?\]\s+(?=Predicted:|predicted_output=)/;
const v1Body = /^Predicted:\s+(\d+) output tokens, Actual:\s+(\d+) output tokens, Error: [\d.]+%/;
/** From the beginning of a word on: else a long one would be looked at again from each of its letters. */
const v2Field = /\b(\w+)=(\S+)/g;
/** The fields as the writer orders them, which nearly all lines are read by: several times as fast as one by one. */
const v2Body =
  /^predicted_output=(?<predicted_output>\S+) (?:actual_output=(?<actual_output>\S+) smape=\S+|actual_total=(?<actual_total>\S+)) selected_budget=(?<selected_budget>\S+) category=(?<category>\S+) complexity=(?<complexity>\S+) deliverables=(?<deliverables>\S+) success=(?<success>\S+)(?: stop_reason=(?<stop_reason>\S+) truncated=(?<truncated>\S+))? model=(?<model>\S+)\s*$/;

/** `[2025-12-29 19:04:18] INFO:`, `2025-12-23 19:35:44,624 - name - INFO -`, and the like. */
const time = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?/i;

/** Colours of a terminal, which a captured log may hold. */
const colors = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

/** Reads one line of a log, with or without a prefix before the marker. Formats: the reference system's log lines. */
export function parseTelemetryLogLine(line: string): TelemetryLogLine {
  // Nearly all lines are something else: this is the only test they get.
  if (!line.includes('[TokenEstimation')) return { kind: 'other' };
  const text = line.replaceAll(colors, '');
  const found = marker.exec(text);
  if (found === null) return { kind: 'other' };
  const body = text.slice(found.index + found[0].length);
  const prefix = time.exec(text.slice(0, found.index));
  const timestamp = prefix === null ? null : parseTimestamp(prefix[0]);
  const sample = found[1] === undefined ? parseV1(body, timestamp) : parseV2(body, timestamp);
  return sample === null ? { kind: 'damaged' } : { kind: 'sample', sample };
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
  const model = word(fields.model);
  // The model is written last: a line without it was cut off, and so may be the number at its end.
  if (predicted === null || actual === null || model === null) return null;
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
    model,
  };
}

function fieldsInAnyOrder(body: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Array.from(body.matchAll(v2Field), ([, name = '', value = '']) => [name, value]));
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function word(text: string | undefined): string | null {
  return text === undefined || text === 'None' ? null : text;
}

function flag(text: string | undefined): boolean | null {
  const value = text?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : null;
}
