import type { TelemetryEvent } from '../../model/telemetryEvent.ts';
import { maskSecrets } from '../../text/maskSecrets.ts';
import type { FilterCondition } from '../page/telemetryFilter.ts';

/** The formats of events. */
export const eventFormats = ['csv', 'ndjson', 'otlp'] as const;

/** One of {@link eventFormats}. */
export type EventFormatName = (typeof eventFormats)[number];

/** Newline-delimited JSON, one record a line, with Autopack's keys. */
const ndjsonFormat: EventFormat = {
  head: '',
  event: (event) => `${JSON.stringify(eventRecord(event))}\n`,
  tail: '',
};

/**
 * A format by its name. `sha256Hex` makes ids that are the same in every export; `version` is this program's; `conditions`
 * are those of the filter, which a format with a place for it tells. Secrets in the texts of an event are masked.
 */
export function eventFormat(
  name: EventFormatName,
  sha256Hex: (text: string) => string,
  version: string,
  conditions: readonly FilterCondition[] = [],
): EventFormat {
  const format = formatOf(name, sha256Hex, version, conditions);
  return { ...format, event: (event, index) => format.event(masked(event), index) };
}

function formatOf(
  name: EventFormatName,
  sha256Hex: (text: string) => string,
  version: string,
  conditions: readonly FilterCondition[],
): EventFormat {
  switch (name) {
    case 'csv':
      return csvFormat;
    case 'ndjson':
      return ndjsonFormat;
    case 'otlp':
      return otlpFormat(sha256Hex, version, conditions);
  }
}

function masked(event: TelemetryEvent): TelemetryEvent {
  const { runId, phaseId, category, complexity, deliverables, stopReason, model } = event;
  return {
    ...event,
    runId: maskSecrets(runId),
    phaseId: maskSecrets(phaseId),
    category: maskSecrets(category),
    complexity: maskSecrets(complexity),
    deliverables: deliverables.map(maskSecrets),
    stopReason: stopReason === null ? null : maskSecrets(stopReason),
    model: maskSecrets(model),
  };
}

/** A format that holds events one by one, so that an export of any length streams. */
export interface EventFormat {
  /** What stands before the first event. */
  readonly head: string;
  /** One event; `index` counts from 0. */
  event(event: TelemetryEvent, index: number): string;
  /** What stands behind the last one. */
  readonly tail: string;
}

const unread: TelemetryEvent = {
  eventId: 0,
  runId: '',
  phaseId: '',
  timestamp: null,
  category: '',
  complexity: '',
  deliverableCount: 0,
  deliverables: [],
  predicted: null,
  actual: null,
  selectedBudget: null,
  actualMaxTokens: null,
  success: false,
  truncated: false,
  stopReason: null,
  model: '',
};

/**
 * Comma-separated values by RFC 4180, with Autopack's keys as header; several deliverables stand one a line in their
 * field. Programs read it, so that control characters stay as they are, within quotes where lines would end.
 */
const csvFormat: EventFormat = {
  head: `${Object.keys(eventRecord(unread)).join(',')}\r\n`,
  event: (event) => `${Object.values(eventRecord(event)).map(field).join(',')}\r\n`,
  tail: '',
};

function field(value: string | number | boolean | readonly string[] | null): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = harmless(typeof value === 'string' ? value : value.join('\n'));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet runs what begins like this as a formula; text from a database must not (OWASP, "CSV Injection"). */
function harmless(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

/** An event as Autopack exports it: these keys, in this order. */
export interface EventRecord {
  readonly run_id: string;
  readonly phase_id: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string | null;
  readonly category: string;
  readonly complexity: string;
  readonly deliverable_count: number;
  readonly deliverables: readonly string[];
  readonly predicted_output_tokens: number | null;
  readonly actual_output_tokens: number | null;
  readonly selected_budget: number | null;
  readonly actual_max_tokens: number | null;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly stop_reason: string | null;
  readonly model: string;
  readonly smape_percent: number | null;
  readonly waste_ratio: number | null;
  readonly underestimated: boolean | null;
}

/** The record of an event; its metrics by Autopack's formulas, `null` where a figure is missing. */
function eventRecord(event: TelemetryEvent): EventRecord {
  const { predicted, actual } = event;
  const isMeasured = predicted !== null && actual !== null;
  return {
    run_id: event.runId,
    phase_id: event.phaseId,
    timestamp: event.timestamp === null ? null : new Date(event.timestamp).toISOString(),
    category: event.category,
    complexity: event.complexity,
    deliverable_count: event.deliverableCount,
    deliverables: event.deliverables,
    predicted_output_tokens: predicted,
    actual_output_tokens: actual,
    selected_budget: event.selectedBudget,
    actual_max_tokens: event.actualMaxTokens,
    success: event.success,
    truncated: event.truncated,
    stop_reason: event.stopReason,
    model: event.model,
    smape_percent:
      isMeasured && predicted + actual > 0
        ? (200 * Math.abs(predicted - actual)) / (predicted + actual)
        : null,
    waste_ratio: isMeasured && actual > 0 ? predicted / actual : null,
    underestimated: isMeasured ? actual > predicted : null,
  };
}

type AttributeValue = string | number | boolean | readonly string[] | null;

/** What the conventions call the providers of models whose names begin so. */
const providers: readonly (readonly [RegExp, string])[] = [
  [/^claude/i, 'anthropic'],
  [/^(gpt|o\d|chatgpt)/i, 'openai'],
  [/^gemini/i, 'gcp.gemini'],
];

/**
 * OTLP in JSON (opentelemetry-proto, trace/v1): a span for each model call, a trace for each run, with the attribute names of
 * the GenAI semantic conventions 1.37 (`gen_ai.*`) and our own (`autopack.*`). Events tell only when a call ended, so
 * spans last no time, and one without a time that the format can hold has none. Ids are hashes: the same event has the same span in every export. The
 * resource tells the conditions of a filter.
 */
function otlpFormat(
  sha256Hex: (text: string) => string,
  version: string,
  conditions: readonly FilterCondition[],
): EventFormat {
  const filter = conditions.map(({ name, words }) => `${name}: ${words}`);
  const filterAttribute = filter.length === 0 ? {} : { 'autopack.export.filter': filter };
  const resource = { attributes: attributes({ 'service.name': 'autopack', ...filterAttribute }) };
  const scope = { name: 'autopack-hygiene', version };
  return {
    head: `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[{"scope":${JSON.stringify(scope)},"spans":[\n`,
    event: (event, index) => `${index === 0 ? '' : ',\n'}${JSON.stringify(span(event, sha256Hex))}`,
    tail: '\n]}]}]}\n',
  };
}

function span(event: TelemetryEvent, sha256Hex: (text: string) => string) {
  const { runId, phaseId, eventId, model } = event;
  return {
    traceId: sha256Hex(`run\0${runId}`).slice(0, 32),
    spanId: sha256Hex(`event\0${runId}\0${phaseId}\0${eventId}`).slice(0, 16),
    name: `chat ${model}`,
    // A client's.
    kind: 3,
    ...times(event.timestamp),
    attributes: attributes({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': providers.find(([pattern]) => pattern.test(model))?.[1] ?? 'unknown',
      'gen_ai.request.model': model,
      'gen_ai.request.max_tokens': event.actualMaxTokens ?? event.selectedBudget,
      'gen_ai.usage.output_tokens': event.actual,
      'gen_ai.response.finish_reasons': event.stopReason === null ? null : [event.stopReason],
      'autopack.run.id': runId,
      'autopack.phase.id': phaseId,
      'autopack.phase.category': event.category,
      'autopack.phase.complexity': event.complexity,
      'autopack.phase.success': event.success,
      'autopack.phase.deliverables': event.deliverables,
      'autopack.estimate.output_tokens': event.predicted,
      'autopack.estimate.budget': event.selectedBudget,
      'autopack.response.truncated': event.truncated,
    }),
    status: {},
  };
}

/** What most readers hold a time in: 64 bits with a sign, of nanoseconds since 1970. It ends in 2262. */
const latestTime = 2n ** 63n - 1n;

/** A 64-bit integer is text in the JSON of protocol buffers. 0 would mean 1970, so a time that does not fit is left out. */
function times(timestamp: number | null) {
  if (timestamp === null || !Number.isFinite(timestamp)) return {};
  const nanoseconds = BigInt(Math.trunc(timestamp)) * 1_000_000n;
  if (nanoseconds <= 0n || nanoseconds > latestTime) return {};
  return { startTimeUnixNano: String(nanoseconds), endTimeUnixNano: String(nanoseconds) };
}

/** What is not known is left out, as the conventions ask; so is a count that was rounded when it was read. */
function attributes(values: Readonly<Record<string, AttributeValue>>) {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null || (typeof value === 'number' && !Number.isSafeInteger(value))
      ? []
      : [{ key, value: anyValue(value) }],
  );
}

/** 64-bit integers are text in the JSON of protocol buffers. */
function anyValue(value: string | number | boolean | readonly string[]) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}
