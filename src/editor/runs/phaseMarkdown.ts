import type { FoundReason } from '../../core/failures/clusterFailures.ts';
import type { Phase } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
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
    t`${`**${escapeMarkdown(stateLabel(phase.state))}**`} in run ${inlineCode(phase.runId)}, index ${phase.index}`,
    phase.name === phase.phaseId ? null : escapeMarkdown(phase.name),
    section(t`Why it failed`, whyItFailed(phase, found)),
    section(t`Task`, phase.description === null ? null : escapeMarkdownLines(phase.description)),
    section(
      t`Kind`,
      factList([
        [t`Category`, code(phase.category)],
        [t`Complexity`, code(phase.complexity)],
      ]),
    ),
    section(t`Work`, work(phase)),
    section(t`Times`, times(phase)),
    section(t`Deliverables`, pathList(scope.deliverables)),
    section(t`May change`, pathList(scope.paths)),
    section(t`May read`, pathList(scope.readOnlyContext)),
    section(t`Database`, t`${inlineCode(database)}, row ${phase.rowId} of ${inlineCode('phases')}`),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

/** `found` is what was told outside of the database. */
function whyItFailed({ state, failureReason }: Phase, found: FoundReason | null): string | null {
  if (failureReason !== null) return codeBlock(failureReason);
  if (found !== null) return `${codeBlock(found.reason)}\n\n${t`Source: ${reasonSources()[found.source]}.`}`;
  return state === 'FAILED' ? t`Nothing was recorded, in the database or beside it.` : null;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}

function work(phase: Phase): string {
  const { builderAttempts, maxBuilderAttempts, incidentTokenCap } = phase;
  return factList([
    [
      t`Builder attempts`,
      maxBuilderAttempts === null ? `${builderAttempts}` : t`${builderAttempts} of ${maxBuilderAttempts}`,
    ],
    [t`Auditor attempts`, String(phase.auditorAttempts)],
    [t`Retries`, String(phase.retryAttempt)],
    [t`Tokens used`, formatCount(phase.tokensUsed)],
    [t`Token cap of an incident`, incidentTokenCap === null ? null : formatCount(incidentTokenCap)],
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
    [t`Created`, time(createdAt)],
    [t`Started`, time(startedAt)],
    [t`Completed`, time(completedAt)],
    [t`Took`, took === null ? null : formatDuration(took)],
    [t`Updated`, time(updatedAt)],
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
