import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import { tokensUsed, countOutcomes, type OutcomeCounts } from '../../core/drain/drainResult.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { describeScope } from '../../core/drain/drainOptions.ts';
import { UserFacingError } from '../../core/errors.ts';
import { parseTimestamp } from '../../core/model/timestamp.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { formatDateTime, formatDuration } from '../../core/text/times.ts';
import type { StoredDrain } from './followedDrainStore.ts';
import { costLabel, spendFacts, spendOfResults } from '../../core/drain/spendTexts.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';

/**
 * How a session stands: complete and all well, complete with failures, complete with nothing else, stopped before its
 * end, under way in another program, or killed.
 */
export type SessionEnd = 'good' | 'mixed' | 'bad' | 'stopped' | 'elsewhere' | 'interrupted';

/** How a session ended; `elsewhere` while another program runs it. */
export function sessionEnd({ session, facts, isRunning }: StoredDrain): SessionEnd {
  if (isRunning) return 'elsewhere';
  if (facts?.status === 'stopped') return 'stopped';
  // Our own file is written first, and decides.
  const isComplete = facts === null ? session.completed_at !== null : facts.status === 'complete';
  if (!isComplete) return 'interrupted';
  if (session.total_failed === 0) return 'good';
  return session.total_success === 0 ? 'bad' : 'mixed';
}

/** Whether a session can go on; one of Autopack does not say of which database it is. */
export function isResumable(stored: StoredDrain): boolean {
  const end = sessionEnd(stored);
  return stored.facts !== null && (end === 'stopped' || end === 'interrupted');
}

const endLabels = (): Readonly<Record<SessionEnd, string>> => ({
  good: '',
  mixed: '',
  bad: '',
  stopped: t`stopped`,
  elsewhere: t`under way in another program`,
  interrupted: t`interrupted`,
});

/** When it began, in ms since the epoch; `null` where it does not say. */
export function sessionStart({ session }: StoredDrain): number | null {
  return parseTimestamp(session.started_at);
}

/**
 * What a session drained: its run, its phase where it was one, or how much of how many runs; before anything was drained
 * what it was to drain.
 */
export function sessionLabel({ session, facts }: StoredDrain): string {
  const keys = session.results.map(({ run_id: runId, phase_id: phaseId }) => ({ runId, phaseId }));
  const planned = facts?.options.phaseKeys ?? [];
  const drained = keys.length === 0 ? planned : keys;
  const runs = new Set(drained.map(({ runId }) => runId));
  const phases = new Set(drained.map(({ runId, phaseId }) => JSON.stringify([runId, phaseId])));
  const [first] = drained;
  if (first === undefined) return facts?.options.runId ?? describedScope(facts) ?? t`Any phase`;
  if (phases.size === 1 && facts?.options.runId !== first.runId) return first.phaseId;
  return runs.size === 1 ? first.runId : t`${counted(phases.size, 'phase')} of ${counted(runs.size, 'run')}`;
}

function describedScope(facts: StoredDrain['facts']): string | null {
  return facts === null ? null : describeScope(facts.options);
}

/** `stopped · 2 complete, 1 cancelled · 3 samples · seed.db`; what is unknown or zero is left out. */
export function sessionDescription(stored: StoredDrain): string {
  const { session, facts } = stored;
  const end = sessionEnd(stored);
  const { total_success: succeeded, total_failed: failed } = session;
  // Autopack knows no cancelled phase: for it, whatever is not complete has failed.
  const outcome = outcomeWords(facts === null ? { succeeded, failed } : countOutcomes(facts.results));
  return [
    endLabels()[end],
    outcome === '' ? t`no phase drained` : outcome,
    session.total_telemetry_events > 0 ? counted(session.total_telemetry_events, 'sample') : '',
    costLabel(spendOfResults(facts?.results ?? [])) ?? '',
    facts === null ? '' : databaseName(facts.databasePath),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Markdown: what a glance at a session should tell. */
export function sessionTooltip(content: StoredDrain | Error, sessionId: string): string {
  if (content instanceof Error) {
    const next = content instanceof UserFacingError ? `\n\n${escapeMarkdown(content.nextStep)}` : '';
    return `${escapeMarkdown(content.message)}${next}`;
  }
  const { session, facts, folder } = content;
  const startedAt = sessionStart(content);
  const completedAt = session.completed_at === null ? null : parseTimestamp(session.completed_at);
  const tokens = (facts?.results ?? []).reduce((sum, each) => sum + tokensUsed(each), 0);
  return [
    `**${escapeMarkdown(sessionId)}** — ${escapeMarkdown(standing(content))}`,
    factList([
      [t`Started`, startedAt === null ? null : formatDateTime(startedAt)],
      [t`Took`, startedAt === null || completedAt === null ? null : formatDuration(completedAt - startedAt)],
      [t`Only`, escapedOrNull(describedScope(facts))],
      [t`Phases`, t`${session.total_processed} of at most ${session.batch_size}`],
      [t`Timed out`, session.total_timeouts === 0 ? null : String(session.total_timeouts)],
      [t`Tokens`, tokens === 0 ? null : formatCount(tokens)],
      ...spendFacts(spendOfResults(facts?.results ?? [])),
      [t`Executor`, facts === null ? t`of Autopack` : inlineCode(facts.executor)],
      [t`Database`, facts === null ? null : inlineCode(facts.databasePath)],
      [t`Folder`, inlineCode(folder)],
    ]),
  ].join('\n\n');
}

function escapedOrNull(text: string | null): string | null {
  return text === null ? null : escapeMarkdown(text);
}

function standing(stored: StoredDrain): string {
  const { session, facts, isRunning } = stored;
  if (isRunning) return t`under way in another program`;
  if (facts !== null && facts.stop !== null) return facts.stop.message;
  if (session.completed_at !== null) return t`complete`;
  if (facts === null) return t`interrupted, or under way in another program`;
  const { inFlight } = facts;
  if (inFlight === null) return t`It was interrupted between two phases. It can be resumed.`;
  return t`It was interrupted while it executed ${inFlight.phaseId}. Resuming it checks the result of that phase.`;
}

/** Characters of a reason that a notification has room for. */
const longest = 180;

/** `10 phases drained in 12 s: 10 complete; 10 samples. Analyze the telemetry.` */
export function summarySentence(summary: DrainSummary): string {
  const { processed, events, stop, nextStep } = summary;
  if (processed === 0) return `${stop.message} ${nextStep}`;
  const took = formatDuration(summary.activeMs);
  const cost = costLabel(spendOfResults(summary.results));
  const samples = counted(events, 'sample');
  const gained = cost === null ? samples : t`${samples} for ${cost}`;
  const result = t`${counted(processed, 'phase')} drained in ${took}: ${outcomeWords(summary)}; ${gained}.`;
  return [result, ...(stop.complete ? [] : [stop.message]), ...sharedReason(summary), nextStep].join(' ');
}

/** What every execution failed with, where that was one and the same: it says more than any advice. */
function sharedReason({ results, stop }: DrainSummary): string[] {
  // These say it themselves.
  if (stop.kind === 'same-failure' || stop.kind === 'executor-unavailable') return [];
  const [first] = results;
  const error = first?.error ?? null;
  if (first === undefined || error === null || first.fingerprint === null) return [];
  if (results.some(({ fingerprint }) => fingerprint !== first.fingerprint)) return [];
  const line = error.replaceAll(/\s+/g, ' ').replace(/(?<![.\s])[.\s]+$/, '');
  return [line.length > longest ? `${line.slice(0, longest)}…` : `${line}.`];
}

type Shown = Pick<LiveDrain, 'ended' | 'expected' | 'pause' | 'isCancelling'>;

/** What stands beside the title of the Drains view: how far one drain is, or how many there are; empty for none. */
export function drainsTitle(lives: readonly Shown[]): string {
  const [live, ...others] = lives;
  if (live === undefined) return '';
  if (others.length > 0) return t`${lives.length} under way`;
  const stood = live.expected === 0 ? t`starting` : t`${live.ended} of ${live.expected}`;
  if (live.isCancelling) return t`${stood}, ending`;
  return live.pause === 'paused' ? t`${stood}, paused` : stood;
}

/** `2 complete, 1 failed, 1 cancelled`; what there is none of is left out. */
export function outcomeWords(counts: Partial<OutcomeCounts>): string {
  const { succeeded = 0, failed = 0, timedOut = 0, cancelled = 0, interrupted = 0 } = counts;
  return [
    succeeded > 0 ? t`${succeeded} complete` : '',
    failed > 0 ? failedWords(failed, timedOut) : '',
    cancelled > 0 ? t`${cancelled} cancelled` : '',
    interrupted > 0 ? t`${interrupted} interrupted` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function failedWords(failed: number, timedOut: number): string {
  return timedOut > 0 ? t`${failed} failed (${timedOut} timed out)` : t`${failed} failed`;
}
