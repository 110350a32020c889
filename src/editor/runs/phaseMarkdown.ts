import type { FoundReason } from '../../core/failures/clusterFailures.ts';
import type { Phase } from '../../core/model/phase.ts';
import {
  codeBlock,
  escapeMarkdownLines,
  escapeMarkdown,
  factList,
  inlineCode,
} from '../../core/text/markdown.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { formatDateTime, formatDuration } from '../../core/text/times.ts';
import { stateLabel } from '../window/labels.ts';
import { reasonSources } from './failureTexts.ts';

/** The details of a phase as a Markdown document that also reads well as plain text. */
export function phaseMarkdown(phase: Phase, database: string, found: FoundReason | null = null): string {
  const { scope } = phase;
  return `${[
    `# ${escapeMarkdown(phase.phaseId)}`,
    `**${escapeMarkdown(stateLabel(phase.state))}** in run ${inlineCode(phase.runId)}, index ${phase.index}`,
    phase.name === phase.phaseId ? null : escapeMarkdown(phase.name),
    section('Why it failed', whyItFailed(phase, found)),
    section('Task', phase.description === null ? null : escapeMarkdownLines(phase.description)),
    section(
      'Kind',
      factList([
        ['Category', code(phase.category)],
        ['Complexity', code(phase.complexity)],
      ]),
    ),
    section('Work', work(phase)),
    section('Times', times(phase)),
    section('Deliverables', pathList(scope.deliverables)),
    section('May change', pathList(scope.paths)),
    section('May read', pathList(scope.readOnlyContext)),
    section('Database', `${inlineCode(database)}, row ${phase.rowId} of ${inlineCode('phases')}`),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

/** `found` is what was told outside of the database. */
function whyItFailed({ state, failureReason }: Phase, found: FoundReason | null): string | null {
  if (failureReason !== null) return codeBlock(failureReason);
  if (found !== null) return `${codeBlock(found.reason)}\n\nSource: ${reasonSources[found.source]}.`;
  return state === 'FAILED' ? 'Nothing was recorded, in the database or beside it.' : null;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}

function work(phase: Phase): string {
  const { builderAttempts, maxBuilderAttempts, incidentTokenCap } = phase;
  return factList([
    [
      'Builder attempts',
      maxBuilderAttempts === null ? `${builderAttempts}` : `${builderAttempts} of ${maxBuilderAttempts}`,
    ],
    ['Auditor attempts', String(phase.auditorAttempts)],
    ['Retries', String(phase.retryAttempt)],
    ['Tokens used', formatCount(phase.tokensUsed)],
    ['Token cap of an incident', incidentTokenCap === null ? null : formatCount(incidentTokenCap)],
  ]);
}

function times(phase: Phase): string {
  return factList(timeFacts(phase));
}

/** When something began and ended, and how long it took. */
export function timeFacts({
  createdAt,
  startedAt,
  completedAt,
  updatedAt,
}: Pick<Phase, 'createdAt' | 'startedAt' | 'completedAt' | 'updatedAt'>): (readonly [
  string,
  string | null,
])[] {
  const took =
    startedAt !== null && completedAt !== null && completedAt >= startedAt ? completedAt - startedAt : null;
  return [
    ['Created', time(createdAt)],
    ['Started', time(startedAt)],
    ['Completed', time(completedAt)],
    ['Took', took === null ? null : formatDuration(took)],
    ['Updated', time(updatedAt)],
  ];
}

function time(ms: number | null): string | null {
  return ms === null ? null : formatDateTime(ms);
}

function code(text: string | null): string | null {
  return text === null ? null : inlineCode(text);
}

function pathList(paths: readonly string[]): string {
  return paths.map((path) => `- ${inlineCode(path)}`).join('\n');
}
