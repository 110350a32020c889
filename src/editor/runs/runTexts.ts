import type { Phase } from '../../core/model/phase.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { t } from '../../core/text/l10n.ts';
import { escapeMarkdownLines, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted, formatCount, formatCompact } from '../../core/text/quantities.ts';
import { formatDate, formatDateTime, formatDuration } from '../../core/text/times.ts';
import { stateCountsLabel, stateLabel } from '../window/labels.ts';

/** `2 failed, 8 complete · succeeded · 2025-12-24`; where only some phases are shown, `2 failed of 10 phases · …`. */
export function runDescription(run: RunSummary, matching: StateCounts | null = null): string {
  return [
    matching === null
      ? stateCountsLabel(run.phaseStates)
      : t`${stateCountsLabel(matching)} of ${counted(run.phaseCount, 'phase')}`,
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
      [t`Phases`, escapeMarkdown(stateCountsLabel(run.phaseStates))],
      [t`Tokens`, tokens(run)],
      [t`Created`, run.createdAt === null ? null : formatDateTime(run.createdAt)],
      [t`Started`, run.startedAt === null ? null : formatDateTime(run.startedAt)],
      [t`Completed`, run.completedAt === null ? null : formatDateTime(run.completedAt)],
      [t`Updated`, run.updatedAt === null ? null : formatDateTime(run.updatedAt)],
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tokens({ tokensUsed, tokenCap }: RunSummary): string | null {
  if (tokensUsed === null) return null;
  return tokenCap === null
    ? formatCount(tokensUsed)
    : t`${formatCount(tokensUsed)} of ${formatCount(tokenCap)}`;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const separator = ' · ';
const tooltipPaths = 8;

/** The phase id, which is what commands and logs name it by; the name where the id is only a UUID. */
export function phaseLabel({ phaseId, name }: Phase): string {
  return uuid.test(phaseId) && name !== '' ? name : phaseId;
}

/** `implementation · low · 2 attempts · 12.2K tokens`; what is unknown or zero is left out. */
export function phaseDescription(phase: Phase): string {
  return [
    phase.category,
    phase.complexity?.toLowerCase() ?? null,
    phase.builderAttempts === 0 ? null : counted(phase.builderAttempts, 'attempt'),
    phase.tokensUsed === 0 ? null : t`${formatCompact(phase.tokensUsed)} tokens`,
  ]
    .filter((part) => part !== null && part !== '')
    .join(separator);
}

/** Markdown: what a glance at the phase should tell. */
export function phaseTooltip(phase: Phase): string {
  const { deliverables, paths, readOnlyContext } = phase.scope;
  return [
    `**${escapeMarkdown(phaseLabel(phase))}** — ${escapeMarkdown(stateLabel(phase.state))}`,
    phase.name === phase.phaseId ? '' : escapeMarkdown(phase.name),
    phase.failureReason === null ? '' : `$(error) ${escapeMarkdownLines(phase.failureReason)}`,
    factList([
      [t`Attempts`, attempts(phase)],
      [t`Tokens`, phase.tokensUsed === 0 ? null : formatCount(phase.tokensUsed)],
      [t`Deliverables`, pathList(deliverables)],
      [t`Paths`, pathList(paths)],
      [t`Reads`, pathList(readOnlyContext)],
      [t`Started`, phase.startedAt === null ? null : formatDateTime(phase.startedAt)],
      [t`Completed`, completed(phase)],
      [t`Updated`, phase.updatedAt === null ? null : formatDateTime(phase.updatedAt)],
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function attempts({ builderAttempts, maxBuilderAttempts }: Phase): string | null {
  if (builderAttempts === 0) return null;
  return maxBuilderAttempts === null
    ? String(builderAttempts)
    : t`${builderAttempts} of ${maxBuilderAttempts}`;
}

function completed({ startedAt, completedAt }: Phase): string | null {
  if (completedAt === null) return null;
  return startedAt === null || completedAt < startedAt
    ? formatDateTime(completedAt)
    : t`${formatDateTime(completedAt)}, after ${formatDuration(completedAt - startedAt)}`;
}

function pathList(paths: readonly string[]): string | null {
  if (paths.length === 0) return null;
  const shown = paths.slice(0, tooltipPaths).map(inlineCode).join(', ');
  return paths.length > tooltipPaths ? t`${shown} and ${paths.length - tooltipPaths} more` : shown;
}
