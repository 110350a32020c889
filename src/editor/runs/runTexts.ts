import type { RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { escapeMarkdownLines, escapeMarkdown, factList } from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { formatDate, formatDateTime } from '../text/times.ts';
import { stateCountsLabel, stateLabel } from './stateLabels.ts';

/** `2 failed, 8 complete · succeeded · 2025-12-24`; where only some phases are shown, `2 failed of 10 phases · …`. */
export function runDescription(run: RunSummary, matching: StateCounts | null = null): string {
  return [
    matching === null
      ? stateCountsLabel(run.phaseStates)
      : `${stateCountsLabel(matching)} of ${counted(run.phaseCount, 'phase')}`,
    stateLabel(run.state),
    run.createdAt === null ? null : formatDate(run.createdAt),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Markdown: what a glance at the run should tell. */
export function runTooltip(run: RunSummary): string {
  return [
    `**${escapeMarkdown(run.id)}** — ${escapeMarkdown(stateLabel(run.state))}`,
    run.failureReason === null ? '' : `$(error) ${escapeMarkdownLines(run.failureReason)}`,
    run.goal === null ? '' : escapeMarkdownLines(run.goal),
    factList([
      ['Phases', escapeMarkdown(stateCountsLabel(run.phaseStates))],
      ['Tokens', tokens(run)],
      ['Created', run.createdAt === null ? null : formatDateTime(run.createdAt)],
      ['Started', run.startedAt === null ? null : formatDateTime(run.startedAt)],
      ['Completed', run.completedAt === null ? null : formatDateTime(run.completedAt)],
      ['Updated', run.updatedAt === null ? null : formatDateTime(run.updatedAt)],
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tokens({ tokensUsed, tokenCap }: RunSummary): string | null {
  if (tokensUsed === null) return null;
  return tokenCap === null
    ? formatCount(tokensUsed)
    : `${formatCount(tokensUsed)} of ${formatCount(tokenCap)}`;
}
