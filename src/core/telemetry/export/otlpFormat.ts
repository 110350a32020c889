import type { TelemetryEvent } from '../../model/telemetryEvent.ts';
import type { FilterCondition } from '../view/describeFilter.ts';
import type { EventFormat } from './eventFormat.ts';

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
export function otlpFormat(
  sha256Hex: (text: string) => string,
  version: string,
  conditions: readonly FilterCondition[],
): EventFormat {
  const filter = conditions.map(({ name, words }) => `${name}: ${words}`);
  const told = filter.length === 0 ? {} : { 'autopack.export.filter': filter };
  const resource = { attributes: attributes({ 'service.name': 'autopack', ...told }) };
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
