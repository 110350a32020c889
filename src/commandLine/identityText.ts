import { migrationsText, otherTelemetryText } from '../core/identity/schemaFacts.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import { alignColumns } from './alignColumns.ts';
import { textLines } from './textLines.ts';

/** The identity of a database for a person at a terminal. */
export function identityText(facts: DatabaseFacts): string {
  const { counts, telemetry, schema } = facts;
  const rows: [string, string][] = [
    ['Database', facts.path],
    ['Id', facts.id ?? 'none: not adopted, cannot be written'],
    ['Role', roleText(facts)],
    [
      'Size',
      `${facts.sizeBytes.toLocaleString('en-US')} bytes, modified ${new Date(facts.modifiedAt).toISOString()}`,
    ],
    ['Journal mode', facts.journalMode],
    ['Schema', `${schema.fingerprint}${lacking(schema.missingTables, schema.missingColumns)}`],
    ...optionalRow('Migrations', migrationsText(facts.migrations)),
    ['Runs', count(counts.runs)],
    ['Phases', `${count(counts.phases)}${breakdown(facts.phaseStates)}`],
    ['Token estimation events', count(counts.tokenEstimationEvents)],
    ['Budget escalation events', count(counts.tokenBudgetEscalationEvents)],
    ['LLM usage events', count(counts.llmUsageEvents)],
    ...optionalRow('Other telemetry', otherTelemetryText(facts.otherTelemetry)),
  ];
  if (telemetry !== null && telemetry.total > 0) {
    rows.push([
      'Telemetry',
      `${telemetry.success} successful, ${telemetry.truncated} truncated of ${telemetry.total}`,
    ]);
    rows.push(['  by category', list(telemetry.byCategory)]);
    rows.push(['  by complexity', list(telemetry.byComplexity)]);
  }
  const warnings = facts.warnings.map(({ message }) => `warning: ${message}`);
  return textLines([...alignColumns(rows), ...warnings]);
}

function optionalRow(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function roleText({ role, roleSource }: DatabaseFacts): string {
  return roleSource === 'content' ? `${role} (by its runs)` : role;
}

function count(value: number | null): string {
  return value === null ? 'no such table' : value.toLocaleString('en-US');
}

function list(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'none' : entries.map(([name, n]) => `${name} ${n}`).join(', ');
}

function breakdown(states: Readonly<Record<string, number>>): string {
  return Object.keys(states).length === 0 ? '' : ` (${list(states)})`;
}

function lacking(tables: readonly string[], columns: readonly string[]): string {
  const parts = [
    tables.length > 0 ? `tables missing: ${tables.join(', ')}` : '',
    columns.length > 0 ? `${columns.length} columns missing` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}
