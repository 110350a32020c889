import { basename, dirname, relative } from 'node:path';
import { zeroYieldText, type DrainResult } from '../../core/drain/drainResult.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { eventsOf } from '../../core/model/phaseObservation.ts';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import { OwnFolder } from '../../node/system/ownFolder.ts';
import { stateLabel } from '../window/labels.ts';
import { formatDateTime, formatDuration, formatMinute } from '../../core/text/times.ts';
import { costLabel, spendFacts, spendOfResults } from '../../core/drain/spendTexts.ts';
import { t } from '../../core/text/l10n.ts';
import { outcomeWords } from './sessionTexts.ts';

/** The name is what its tab says: those of several drains are to be told apart. */
function reportName(startedAt: number): string {
  return `${t`Drain`} ${formatMinute(startedAt).replace(':', '.')}.md`;
}

/** Where a session keeps its logs: a folder of its name beside the session file. Absolute. */
function sessionFolder(sessionPath: string): string {
  return sessionPath.slice(0, -'.json'.length);
}

/** Writes what a drain came to beside its logs and returns the absolute path; `undefined` where nothing was drained. */
export async function writeDrainReport(summary: DrainSummary, database: string): Promise<string | undefined> {
  const { sessionPath } = summary;
  if (sessionPath === null) return undefined;
  const path = sessionFolder(sessionPath);
  const folder = new OwnFolder(dirname(path), basename(path));
  const name = reportName(summary.startedAt);
  await folder.write(name, drainMarkdown(summary, database, path));
  return folder.file(name);
}

/** What a drain came to, as a Markdown document that will lie in `folder`; paths are absolute. */
export function drainMarkdown(summary: DrainSummary, database: string, folder: string): string {
  return `${[
    `# ${t`Drain of ${formatDateTime(summary.startedAt)}`}`,
    escapeMarkdown(summary.stop.message),
    factList([
      [t`Database`, inlineCode(database)],
      [t`Executor`, inlineCode(summary.executor)],
      [t`Took`, formatDuration(summary.activeMs)],
      [t`Phases`, counts(summary)],
      [t`Telemetry`, counted(summary.events, 'sample')],
      ...spendFacts(spendOfResults(summary.results)),
      [t`Session`, summary.sessionPath === null ? null : inlineCode(summary.sessionPath)],
    ]),
    `**${t`Next:`}** ${escapeMarkdown(summary.nextStep)}`,
    section(t`Warnings`, summary.warnings.map((warning) => `- ${escapeMarkdown(warning)}`).join('\n')),
    section(t`Results`, resultTable(summary.results, folder)),
    ...summary.results.filter(({ success, notes }) => !success || notes.length > 0).map(remarkable),
    section(t`Not drained`, notTaken(summary)),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function counts(summary: DrainSummary): string {
  return summary.processed === 0
    ? t`none executed`
    : t`${summary.processed} executed: ${outcomeWords(summary)}`;
}

function section(title: string, body: string): string | null {
  return body === '' ? null : `## ${title}\n\n${body}`;
}

function resultTable(results: readonly DrainResult[], folder: string): string {
  if (results.length === 0) return '';
  const hasCost = spendOfResults(results) !== null;
  const rows = results.map((result) =>
    [
      inlineCode(result.runId),
      inlineCode(result.phaseId),
      escapeMarkdown(stateLabel(result.finalState)),
      formatDuration(result.durationMs),
      String(eventsOf(result.yield)),
      ...(hasCost ? [costLabel(result.spend ?? null) ?? ''] : []),
      `${fileLink(t`output`, result.stdoutPath, folder)}, ${fileLink(t`errors`, result.stderrPath, folder)}`,
    ].join(' | '),
  );
  return [
    `| ${[t`Run`, t`Phase`, t`State`, t`Took`, t`Events`, ...(hasCost ? [t`Cost`] : []), t`Logs`].join(' | ')} |`,
    `|---|---|---|---|---|${hasCost ? '---|' : ''}---|`,
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function remarkable(result: DrainResult): string {
  const { zeroYield, error, notes } = result;
  return [
    `### ${t`${escapeMarkdown(result.phaseId)} of ${escapeMarkdown(result.runId)}`}`,
    error === null ? null : codeBlock(error),
    zeroYield === null ? null : t`No telemetry: ${escapeMarkdown(zeroYieldText(zeroYield, error))}`,
    notes.length === 0 ? null : notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

function notTaken({ notTaken: groups }: DrainSummary): string {
  return groups
    .map(({ reason, phases }) => `- ${counted(phases.length, 'phase')}: ${escapeMarkdown(reason)}`)
    .join('\n');
}

/** Relative, for a viewer of Markdown follows no `file:` link. */
function fileLink(title: string, path: string, folder: string): string {
  const parts = relative(folder, path).split(/[\\/]/);
  return `[${title}](${parts.map(encodeURIComponent).join('/')})`;
}
