import { roleInWords } from '../../core/identity/roleText.ts';
import { migrationsText, otherTelemetryText } from '../../core/identity/schemaFacts.ts';
import { levelMeanings, levelNames } from '../../core/model/protectionLevel.ts';
import type { DatabaseFacts, TableCounts } from '../../core/model/databaseFacts.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { formatBytes, formatCount, counted } from '../../core/text/quantities.ts';
import { stateCountsLabel } from '../window/labels.ts';
import { formatDateTime } from '../../core/text/times.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { serverFacts } from '../../core/identity/serverText.ts';
import type { IdentityVerdict } from './identityVerdict.ts';

/** What SQLite's kinds of journal are called. */
export const journalModes: Readonly<Record<DatabaseFacts['journalMode'], string>> = {
  wal: 'WAL (write-ahead log)',
  delete: 'rollback journal',
  server: 'PostgreSQL',
};

/** Markdown: what the file is, or the server. */
export function fileFacts(facts: DatabaseFacts): string {
  return factList([
    [facts.server === undefined ? 'Path' : 'URL', inlineCode(facts.path)],
    ['Role', roleInWords(facts)],
    ['Protection', facts.level === null ? null : `${levelNames[facts.level]}: ${levelMeanings[facts.level]}`],
    ['Id', facts.id === null ? null : inlineCode(facts.id)],
    ['Size', formatBytes(facts.sizeBytes)],
    // A server does not tell, nor do some file systems of the web.
    [
      'Modified',
      facts.server === undefined && facts.modifiedAt >= 1 ? formatDateTime(facts.modifiedAt) : null,
    ],
    ['Journal', facts.server === undefined ? journalModes[facts.journalMode] : null],
    ...(facts.server === undefined
      ? []
      : serverFacts(facts.server).map(([name, value]) => [name, escapeMarkdown(value)] as const)),
  ]);
}

/** Markdown: what is in it. */
export function contentFacts({ counts, phaseStates, otherTelemetry }: DatabaseFacts): string {
  return factList([
    ['Runs', count(counts.runs)],
    ['Phases', phasesText(counts, phaseStates)],
    ['Token estimation events', count(counts.tokenEstimationEvents)],
    ['Token budget escalations', count(counts.tokenBudgetEscalationEvents)],
    ['LLM usage events', count(counts.llmUsageEvents)],
    ['Other telemetry', escaped(otherTelemetryText(otherTelemetry))],
  ]);
}

/** Markdown: how its schema compares with Autopack's, and what Alembic has noted. */
function schemaFactList({ schema, migrations }: DatabaseFacts): string {
  return factList([
    ['Fingerprint', inlineCode(schema.fingerprint)],
    ['Migrations', escaped(migrationsText(migrations))],
    ['Missing tables', names(schema.missingTables)],
    ['Missing columns', names(schema.missingColumns)],
  ]);
}

/** Markdown: its telemetry, or `null` without the table. */
function telemetryFacts({ telemetry }: DatabaseFacts): string | null {
  if (telemetry === null) return null;
  return factList([
    ['Samples', formatCount(telemetry.total)],
    ['Successful', formatCount(telemetry.success)],
    ['Truncated', formatCount(telemetry.truncated)],
    ['Successful by category', breakdown(telemetry.byCategory)],
    ['Successful by complexity', breakdown(telemetry.byComplexity)],
  ]);
}

/** Markdown: one line a warning; `null` without any. */
export function warningFacts({ warnings }: DatabaseFacts): string | null {
  return warnings.length === 0
    ? null
    : warnings.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n');
}

function phasesText(counts: TableCounts, phaseStates: DatabaseFacts['phaseStates']): string {
  if (counts.phases === null || counts.phases === 0) return count(counts.phases);
  return `${formatCount(counts.phases)} (${escapeMarkdown(stateCountsLabel(phaseStates))})`;
}

function escaped(text: string | null): string | null {
  return text === null ? null : escapeMarkdown(text);
}

function names(all: readonly string[]): string | null {
  return all.length === 0 ? null : all.map(inlineCode).join(', ');
}

function count(rows: number | null): string {
  return rows === null ? 'no such table' : formatCount(rows);
}

function breakdown(counts: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, samples]) => `${escapeMarkdown(name)} ${formatCount(samples)}`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** The identity of a database as a Markdown document. */
export function identityMarkdown(
  facts: DatabaseFacts,
  { issues, sentence, nextStep }: IdentityVerdict,
): string {
  return `${[
    `# Identity of ${escapeMarkdown(databaseName(facts.path))}`,
    section(
      counted(issues.length, 'issue'),
      issues.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n'),
    ),
    `${escapeMarkdown(sentence)} **${escapeMarkdown(nextStep)}**`,
    section('Notes', warningFacts(facts)),
    section(facts.server === undefined ? 'File' : 'Server', fileFacts(facts)),
    section('Content', contentFacts(facts)),
    section('Telemetry', telemetryFacts(facts)),
    section('Schema', schemaFactList(facts)),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}
