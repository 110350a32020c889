import type { PhaseDifference, PhaseOutcome, RunComparison } from '../../core/model/runComparison.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { markdownTable } from '../../core/text/document.ts';
import { t } from '../../core/text/l10n.ts';
import { codeBlock, escapeMarkdown, inlineCode } from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { formatDateTime } from '../../core/text/times.ts';
import { stateCountsLabel, stateLabel } from '../window/labels.ts';

/** Characters of a reason that are shown. */
const longestReason = 2000;

/** What differs between two runs as a Markdown document; `only` is the phase that is compared, `null` for all of them. */
export function comparisonMarkdown(
  { left, right, differences, same }: RunComparison,
  only: string | null,
): string {
  const shown = only === null ? differences : differences.filter(({ phaseId }) => phaseId === only);
  return `${[
    `# ${only === null ? t`Comparison of two runs` : t`${escapeMarkdown(only)} in two runs`}`,
    markdownTable(['', left.id, right.id].map(escapeMarkdown), runRows(left, right)),
    summary(shown, only === null ? same : null),
    ...shown.map((each) => phaseSection(each, [left.id, right.id])),
    onlyIn(
      left.id,
      shown.map((each) => [each.phaseId, each.right === null ? each.left : null]),
    ),
    onlyIn(
      right.id,
      shown.map((each) => [each.phaseId, each.left === null ? each.right : null]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function runRows(left: RunSummary, right: RunSummary): string[][] {
  const row = (name: string, of: (run: RunSummary) => string): string[] => [name, of(left), of(right)];
  const rows = [
    row(t`State`, (run) => escapeMarkdown(stateLabel(run.state))),
    row(t`Phases`, (run) => escapeMarkdown(stateCountsLabel(run.phaseStates))),
    row(t`Tokens`, (run) => (run.tokensUsed === null ? '–' : formatCount(run.tokensUsed))),
    row(t`Created`, (run) => (run.createdAt === null ? '–' : formatDateTime(run.createdAt))),
    row(t`Reason`, (run) => escapeMarkdown(run.failureReason ?? '–')),
  ];
  return rows.filter(([, a, b]) => a !== b);
}

function summary(differences: readonly PhaseDifference[], same: number | null): string {
  if (same === null) return differences.length === 0 ? t`The phase came to the same in both runs.` : '';
  return [differing(differences.length), ...(same === 0 ? [] : [equal(same)])].join(' ');
}

function differing(phases: number): string {
  if (phases === 0) return t`No phase differs.`;
  return phases === 1 ? t`${counted(phases, 'phase')} differs.` : t`${counted(phases, 'phase')} differ.`;
}

function equal(phases: number): string {
  return phases === 1
    ? t`${counted(phases, 'phase')} is the same in both.`
    : t`${counted(phases, 'phase')} are the same in both.`;
}

/** A phase that both runs have. */
function phaseSection({ phaseId, left, right }: PhaseDifference, runs: readonly [string, string]): string {
  if (left === null || right === null) return '';
  const row = (name: string, of: (outcome: PhaseOutcome) => string): string[] => [name, of(left), of(right)];
  const rows = [
    row(t`State`, ({ state }) => escapeMarkdown(stateLabel(state))),
    row(t`Attempts`, ({ builderAttempts }) => String(builderAttempts)),
    row(t`Tokens`, ({ tokensUsed }) => formatCount(tokensUsed)),
  ].filter(([, a, b]) => a !== b);
  const isOtherReason = left.failureReason !== right.failureReason;
  return [
    `## ${inlineCode(phaseId)}`,
    rows.length === 0 ? '' : markdownTable(['', ...runs.map(escapeMarkdown)], rows),
    ...(isOtherReason ? [reason(runs[0], left), reason(runs[1], right)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function reason(run: string, { failureReason }: PhaseOutcome): string {
  return failureReason === null
    ? ''
    : `${t`In ${inlineCode(run)} it failed because:`}\n\n${codeBlock(failureReason.slice(0, longestReason))}`;
}

/** The phases that only one of the runs has. */
function onlyIn(
  runId: string,
  phases: readonly (readonly [phaseId: string, outcome: PhaseOutcome | null])[],
): string {
  const rows = phases.flatMap(([phaseId, outcome]) =>
    outcome === null ? [] : [`- ${inlineCode(phaseId)}: ${escapeMarkdown(stateLabel(outcome.state))}`],
  );
  return rows.length === 0 ? '' : `## ${t`Only in ${inlineCode(runId)}`}\n\n${rows.join('\n')}`;
}
