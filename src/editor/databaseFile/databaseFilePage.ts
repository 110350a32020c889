import { fileName } from '../../core/db/pathParts.ts';
import { roleTitle } from '../../core/identity/roleText.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { escapeHtml, htmlPage } from '../../core/text/document.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatBytes, formatCount } from '../../core/text/quantities.ts';
import { formatDateTime, formatMinute } from '../../core/text/times.ts';
import { stateCountsLabel, stateLabel } from '../window/labels.ts';
import { style } from './databaseFileStyle.ts';

/** What a file was found to be. */
export interface DatabaseFileContent {
  readonly facts: DatabaseFacts;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly isSelected: boolean;
  /** What speaks against it: that it is a copy, say; `null` where nothing is known. */
  readonly caution: string | null;
}

/** Rows of a table that anybody reads; the Runs view has them all. */
const mostRuns = 200;

/** What a SQLite file is, as a page without a script: `selectLink` is the address of the command that selects it. */
export function databaseFilePage(content: DatabaseFileContent, selectLink: string): string {
  const { facts, runs, isSelected, caution } = content;
  const warnings = facts.warnings.map(({ message }) => `<li>${escapeHtml(message)}</li>`).join('');
  return htmlPage(
    fileName(facts.path),
    style,
    `<p class="role">${escapeHtml(roleTitle(facts))}${caution === null ? '' : `: ${escapeHtml(caution)}`}</p>
<p>${isSelected ? escapeHtml(t`This database is selected.`) : `<a class="button" href="${escapeHtml(selectLink)}">${escapeHtml(t`Select This Database`)}</a>`}</p>
${warnings === '' ? '' : `<h2>${escapeHtml(counted(facts.warnings.length, 'note'))}</h2><ul>${warnings}</ul>`}
<h2>${escapeHtml(t`File`)}</h2>
${factTable(factsOf(facts))}
<h2>${escapeHtml(counted(runs.length, 'run'))}</h2>
${runTable(runs)}`,
  );
}

/** Why a file cannot be shown. */
export function unreadableFilePage(path: string, message: string, nextStep: string): string {
  return htmlPage(fileName(path), style, `<p>${escapeHtml(message)}</p><p>${escapeHtml(nextStep)}</p>`);
}

function factsOf(facts: DatabaseFacts): readonly (readonly [string, string])[] {
  const { path, id, sizeBytes, modifiedAt, counts, phaseStates, telemetry } = facts;
  return [
    [t`Path`, path],
    [t`Id`, id ?? t`none: it was not adopted`],
    [t`Size`, formatBytes(sizeBytes)],
    ...(modifiedAt < 1 ? [] : [[t`Modified`, formatDateTime(modifiedAt)] as const]),
    [t`Phases`, counts.phases === null ? t`no such table` : stateCountsLabel(phaseStates)],
    [t`Samples`, telemetry === null ? t`no such table` : formatCount(telemetry.total)],
  ];
}

function factTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

function runTable(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return `<p>${escapeHtml(t`No runs yet.`)}</p>`;
  const rows = runs
    .slice(0, mostRuns)
    .map(({ id, state, phaseStates, tokensUsed, createdAt }) => [
      id,
      stateLabel(state),
      stateCountsLabel(phaseStates),
      tokensUsed === null ? '' : formatCount(tokensUsed),
      createdAt === null ? '' : formatMinute(createdAt),
    ])
    .map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`);
  const head = [t`Run`, t`State`, t`Phases`, t`Tokens`, t`Created`].map(
    (cell) => `<th scope="col">${escapeHtml(cell)}</th>`,
  );
  const hidden = runs.length - mostRuns;
  const more = hidden > 0 ? `<p>${escapeHtml(t`${counted(hidden, 'older run')} not shown.`)}</p>` : '';
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>${more}`;
}
