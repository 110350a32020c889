import type { TelemetryEvent } from '../../model/telemetryEvent.ts';
import type { EventFormat } from './eventFormat.ts';
import { eventRecord } from './eventRecord.ts';

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
 * Comma-separated values by RFC 4180, with the reference's keys as header; several deliverables stand one a line in their
 * field. Programs read it, so that control characters stay as they are, within quotes where lines would end.
 */
export const csvFormat: EventFormat = {
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
