import type { PhaseDifference, PhaseOutcome, RunComparison } from '../../core/model/runComparison.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { markdownTable } from '../../core/text/document.ts';
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
    only === null ? '# Comparison of two runs' : `# ${escapeMarkdown(only)} in two runs`,
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
    row('State', (run) => escapeMarkdown(stateLabel(run.state))),
    row('Phases', (run) => escapeMarkdown(stateCountsLabel(run.phaseStates))),
    row('Tokens', (run) => (run.tokensUsed === null ? '–' : formatCount(run.tokensUsed))),
    row('Created', (run) => (run.createdAt === null ? '–' : formatDateTime(run.createdAt))),
    row('Reason', (run) => escapeMarkdown(run.failureReason ?? '–')),
  ];
  return rows.filter(([, a, b]) => a !== b);
}

function summary(differences: readonly PhaseDifference[], same: number | null): string {
  if (same === null) return differences.length === 0 ? 'The phase came to the same in both runs.' : '';
  const equal = same === 0 ? '' : ` ${counted(same, 'phase')} ${same === 1 ? 'is' : 'are'} the same in both.`;
  return differences.length === 0
    ? `No phase differs.${equal}`
    : `${counted(differences.length, 'phase')} ${differences.length === 1 ? 'differs' : 'differ'}.${equal}`;
}

/** A phase that both runs have. */
function phaseSection({ phaseId, left, right }: PhaseDifference, runs: readonly [string, string]): string {
  if (left === null || right === null) return '';
  const row = (name: string, of: (outcome: PhaseOutcome) => string): string[] => [name, of(left), of(right)];
  const rows = [
    row('State', ({ state }) => escapeMarkdown(stateLabel(state))),
    row('Attempts', ({ builderAttempts }) => String(builderAttempts)),
    row('Tokens', ({ tokensUsed }) => formatCount(tokensUsed)),
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
    : `In ${inlineCode(run)} it failed because:\n\n${codeBlock(failureReason.slice(0, longestReason))}`;
}

/** The phases that only one of the runs has. */
function onlyIn(
  runId: string,
  phases: readonly (readonly [phaseId: string, outcome: PhaseOutcome | null])[],
): string {
  const rows = phases.flatMap(([phaseId, outcome]) =>
    outcome === null ? [] : [`- ${inlineCode(phaseId)}: ${escapeMarkdown(stateLabel(outcome.state))}`],
  );
  return rows.length === 0 ? '' : `## Only in ${inlineCode(runId)}\n\n${rows.join('\n')}`;
}
