import type { TelemetryEvent } from '../../model/telemetryEvent.ts';
import { maskSecrets } from '../../text/maskSecrets.ts';
import type { FilterCondition } from '../view/describeFilter.ts';
import { csvFormat } from './csvFormat.ts';
import type { EventFormat } from './eventFormat.ts';
import { eventRecord } from './eventRecord.ts';
import { otlpFormat } from './otlpFormat.ts';

/** The formats of events. */
export const eventFormats = ['csv', 'ndjson', 'otlp'] as const;

/** One of {@link eventFormats}. */
export type EventFormatName = (typeof eventFormats)[number];

/** Newline-delimited JSON, one record a line, with the reference's keys. */
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
