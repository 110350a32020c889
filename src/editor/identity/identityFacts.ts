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
import { t } from '../../core/text/l10n.ts';
import type { IdentityVerdict } from './identityVerdict.ts';

/** What SQLite's kinds of journal are called. */
export const journalModes = (): Readonly<Record<DatabaseFacts['journalMode'], string>> => ({
  wal: t`WAL (write-ahead log)`,
  delete: t`rollback journal`,
  server: 'PostgreSQL',
});

/** Markdown: what the file is, or the server. */
export function fileFacts(facts: DatabaseFacts): string {
  return factList([
    [facts.server === undefined ? t`Path` : 'URL', inlineCode(facts.path)],
    [t`Role`, roleInWords(facts)],
    [
      t`Protection`,
      facts.level === null ? null : `${levelNames()[facts.level]}: ${levelMeanings()[facts.level]}`,
    ],
    [t`Id`, facts.id === null ? null : inlineCode(facts.id)],
    [t`Size`, formatBytes(facts.sizeBytes)],
    // A server does not tell, nor do some file systems of the web.
    [
      t`Modified`,
      facts.server === undefined && facts.modifiedAt >= 1 ? formatDateTime(facts.modifiedAt) : null,
    ],
    [t`Journal`, facts.server === undefined ? journalModes()[facts.journalMode] : null],
    ...(facts.server === undefined
      ? []
      : serverFacts(facts.server).map(([name, value]) => [name, escapeMarkdown(value)] as const)),
  ]);
}

/** Markdown: what is in it. */
export function contentFacts({ counts, phaseStates, otherTelemetry }: DatabaseFacts): string {
  return factList([
    [t`Runs`, count(counts.runs)],
    [t`Phases`, phasesText(counts, phaseStates)],
    [t`Token estimation events`, count(counts.tokenEstimationEvents)],
    [t`Token budget escalations`, count(counts.tokenBudgetEscalationEvents)],
    [t`LLM usage events`, count(counts.llmUsageEvents)],
    [t`Other telemetry`, escaped(otherTelemetryText(otherTelemetry))],
  ]);
}

/** Markdown: how its schema compares with Autopack's, and what Alembic has noted. */
function schemaFactList({ schema, migrations }: DatabaseFacts): string {
  return factList([
    [t`Fingerprint`, inlineCode(schema.fingerprint)],
    [t`Migrations`, escaped(migrationsText(migrations))],
    [t`Missing tables`, names(schema.missingTables)],
    [t`Missing columns`, names(schema.missingColumns)],
  ]);
}

/** Markdown: its telemetry, or `null` without the table. */
function telemetryFacts({ telemetry }: DatabaseFacts): string | null {
  if (telemetry === null) return null;
  return factList([
    [t`Samples`, formatCount(telemetry.total)],
    [t`Successful`, formatCount(telemetry.success)],
    [t`Truncated`, formatCount(telemetry.truncated)],
    [t`Successful by category`, breakdown(telemetry.byCategory)],
    [t`Successful by complexity`, breakdown(telemetry.byComplexity)],
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
  return rows === null ? t`no such table` : formatCount(rows);
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
    `# ${t`Identity of ${escapeMarkdown(databaseName(facts.path))}`}`,
    section(
      counted(issues.length, 'issue'),
      issues.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n'),
    ),
    `${escapeMarkdown(sentence)} **${escapeMarkdown(nextStep)}**`,
    section(t`Notes`, warningFacts(facts)),
    section(facts.server === undefined ? t`File` : t`Server`, fileFacts(facts)),
    section(t`Content`, contentFacts(facts)),
    section(t`Telemetry`, telemetryFacts(facts)),
    section(t`Schema`, schemaFactList(facts)),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}
