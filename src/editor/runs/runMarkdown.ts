import type { Phase } from '../../core/model/phase.ts';
import type { RunDetail, RunSummary } from '../../core/model/run.ts';
import { markdownTable } from '../../core/text/document.ts';
import { t } from '../../core/text/l10n.ts';
import {
  codeBlock,
  escapeMarkdown,
  escapeMarkdownLines,
  factList,
  inlineCode,
} from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { stateCountsLabel, stateLabel } from '../window/labels.ts';
import { timeFacts } from './phaseMarkdown.ts';

/** Rows of a table that anybody reads. */
const mostPhases = 500;
const longestReason = 120;

/** The details of a run as a Markdown document that also reads well as plain text. */
export function runMarkdown({ run, tiers, phases }: RunDetail, database: string): string {
  return `${[
    `# ${escapeMarkdown(run.id)}`,
    `**${escapeMarkdown(stateLabel(run.state))}**, ${escapeMarkdown(stateCountsLabel(run.phaseStates))}`,
    section(t`Why it failed`, run.failureReason === null ? null : codeBlock(run.failureReason)),
    section(t`Goal`, run.goal === null ? null : escapeMarkdownLines(run.goal)),
    section(t`Facts`, facts(run, tiers.length)),
    section(counted(phases.length, 'phase'), phaseTable(phases)),
    section(t`Database`, inlineCode(database)),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}

function facts(run: RunSummary, tiers: number): string {
  const { tokensUsed, tokenCap } = run;
  const tokens = tokensUsed === null ? null : formatCount(tokensUsed);
  return factList([
    [
      t`Tokens used`,
      tokens === null || tokenCap === null ? tokens : t`${tokens} of ${formatCount(tokenCap)}`,
    ],
    [t`Tiers`, tiers < 2 ? null : String(tiers)],
    ...timeFacts(run),
  ]);
}

function phaseTable(phases: readonly Phase[]): string | null {
  if (phases.length === 0) return null;
  const rows = phases
    .slice(0, mostPhases)
    .map((phase) => [
      inlineCode(phase.phaseId),
      escapeMarkdown(stateLabel(phase.state)),
      escapeMarkdown([phase.category, phase.complexity].filter((part) => part !== null).join(', ')),
      String(phase.builderAttempts),
      formatCount(phase.tokensUsed),
      phase.failureReason === null ? '' : escapeMarkdown(firstLine(phase.failureReason)),
    ]);
  const table = markdownTable([t`Phase`, t`State`, t`Kind`, t`Attempts`, t`Tokens`, t`Reason`], rows);
  return phases.length > mostPhases
    ? `${table}\n\n${t`The first ${mostPhases} of ${formatCount(phases.length)}.`}`
    : table;
}

function firstLine(reason: string): string {
  const [line = ''] = reason.trim().split('\n');
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}
