import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { DrainResult } from '../../core/drain/drainResult.ts';
import type { ZeroYieldCause, ZeroYieldCode } from '../../core/drain/zeroYield.ts';
import type { ModelSpend } from '../../core/model/modelCall.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { eventsOf, tokensOf } from '../../core/model/phaseObservation.ts';
import { normaliseState, type State } from '../../core/model/state.ts';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { commandIds } from '../ids.ts';
import type { TreeNode } from '../window/treeView.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import { stateLabel } from '../window/labels.ts';
import { formatDuration } from '../../core/text/times.ts';
import type { StoredDrain } from './followedDrainStore.ts';
import { PhaseRemarkNode } from './phaseRemarkNode.ts';
import { costLabel, spendFacts } from '../../core/drain/spendTexts.ts';
import { t } from '../../core/text/l10n.ts';

/** A phase that was drained, now or in an earlier session, as a row shows it. */
interface DrainedPhase extends PhaseKey {
  readonly finalState: State;
  readonly success: boolean;
  readonly durationMs: number | null;
  /** Telemetry events. */
  readonly events: number;
  /** `null` where the session does not say. */
  readonly tokens: number | null;
  readonly error: string | null;
  /** Why there was no telemetry: a cause of ours, or a code of Autopack. */
  readonly cause: string | null;
  /** What shows the cause, and what to do about it. */
  readonly evidence: string | null;
  readonly advice: string | null;
  readonly notes: readonly string[];
  /** What a built-in builder used of models; `null` for any other executor. */
  readonly spend: ModelSpend | null;
  /** Absolute; `null` where none was kept. */
  readonly stdoutPath: string | null;
  readonly stderrPath: string | null;
}

/** A result of the drain under way. */
export function fromResult(result: DrainResult): DrainedPhase {
  const { zeroYield, stdoutPath, stderrPath } = result;
  return {
    ...result,
    events: eventsOf(result.yield),
    tokens: tokensOf(result.yield),
    cause: zeroYield?.cause ?? null,
    evidence: zeroYield?.evidence ?? null,
    advice: zeroYield?.advice ?? null,
    spend: result.spend ?? null,
    stdoutPath: stdoutPath === '' ? null : stdoutPath,
    stderrPath: stderrPath === '' ? null : stderrPath,
  };
}

/** The results of a session on disk. */
export function fromSession({ session, facts, folder }: StoredDrain): readonly DrainedPhase[] {
  // Autopack writes its paths relative to the folder it runs in.
  const absolute = (path: string | null): string | null =>
    path === null || path === '' ? null : isAbsolute(path) ? path : join(folder, path);
  return session.results.map((result, index) => {
    const { run_id: runId, phase_id: phaseId, subprocess_duration_seconds: seconds } = result;
    const parallel = facts?.results[index];
    const ours = parallel?.runId === runId && parallel.phaseId === phaseId ? parallel : undefined;
    return {
      runId,
      phaseId,
      finalState: normaliseState(result.final_state),
      success: result.success,
      durationMs: seconds === null ? null : seconds * 1000,
      events: result.telemetry_events_collected ?? 0,
      tokens: ours === undefined ? null : tokensOf(ours.yield),
      error: result.error_message,
      cause: ours?.zeroYield?.cause ?? result.zero_yield_reason,
      evidence: ours?.zeroYield?.evidence ?? null,
      advice: ours?.zeroYield?.advice ?? null,
      notes: ours?.notes ?? [],
      spend: ours?.spend ?? null,
      stdoutPath: absolute(result.subprocess_stdout_path),
      stderrPath: absolute(result.subprocess_stderr_path),
    };
  });
}

/** A phase that was drained. A click opens the log that says most; its logs can be opened one by one, too. */
export class DrainedPhaseNode implements TreeNode, PhaseKey {
  readonly kind = 'drained';
  readonly id: string;
  readonly parentId: string;
  readonly phase: DrainedPhase;

  /** `index` is its place among the results of the drain with the row `parentId`. */
  constructor(phase: DrainedPhase, parentId: string, index: number) {
    this.phase = phase;
    this.parentId = parentId;
    this.id = JSON.stringify(['drained', parentId, index]);
  }

  get runId(): string {
    return this.phase.runId;
  }

  get phaseId(): string {
    return this.phase.phaseId;
  }

  get stdoutPath(): string | null {
    return this.phase.stdoutPath;
  }

  get stderrPath(): string | null {
    return this.phase.stderrPath;
  }

  /** What a built-in builder has to say: why it failed, which paths it refused, what could not be checked. */
  get children(): readonly PhaseRemarkNode[] {
    const { spend, error, notes } = this.phase;
    // The output of any other executor is read in its log.
    if (spend === null) return [];
    return [
      ...(error === null ? [] : [new PhaseRemarkNode(error, 'error', this.id, 0)]),
      ...notes.map((note, index) => new PhaseRemarkNode(note, 'note', this.id, index + 1)),
    ];
  }

  treeItem(): vscode.TreeItem {
    const { phaseId, runId, finalState, stdoutPath, stderrPath, spend } = this.phase;
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(phaseId, this.children.length === 0 ? None : Collapsed);
    item.id = this.id;
    item.description = drainedPhaseDescription(this.phase);
    item.iconPath = stateIcon(finalState);
    const hasLogs = stdoutPath !== null || stderrPath !== null;
    // What a builder wrote is kept beside its logs.
    item.contextValue = `drained${hasLogs ? ';logs' : ''}${spend !== null && stdoutPath !== null ? ';built' : ''}`;
    item.accessibilityInformation = {
      label: t`Phase ${phaseId} of ${runId}, ${stateLabel(finalState)}, ${item.description}`,
    };
    if (hasLogs) {
      item.command = { command: commandIds.openDrainLog, title: t`Open Log`, arguments: [this] };
    }
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(drainedPhaseTooltip(this.phase), true);
  }
}

/** `12 s · 3 samples · ~$0.0123`, or why there are none: `4.2 s · no telemetry: import error`. */
function drainedPhaseDescription({ durationMs, events, cause, spend }: DrainedPhase): string {
  const isEnded = cause === 'cancelled' || cause === 'interrupted';
  const why = cause === null ? '' : causeLabel(cause);
  const none = cause === null ? t`no telemetry` : isEnded ? why : t`no telemetry: ${why}`;
  return [
    durationMs === null ? null : formatDuration(durationMs),
    events > 0 ? counted(events, 'sample') : none,
    costLabel(spend),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function drainedPhaseTooltip(phase: DrainedPhase): string {
  const { phaseId, runId, finalState, durationMs, events, tokens, error, cause, evidence, advice } = phase;
  return [
    `**${escapeMarkdown(phaseId)}** — ${escapeMarkdown(stateLabel(finalState))}`,
    factList([
      [t`Run`, inlineCode(runId)],
      [t`Took`, durationMs === null ? null : formatDuration(durationMs)],
      [t`Telemetry`, events > 0 ? counted(events, 'sample') : null],
      [t`Tokens`, tokens === null || tokens === 0 ? null : formatCount(tokens)],
      ...spendFacts(phase.spend),
      [t`No telemetry`, cause === null || events > 0 ? null : escapeMarkdown(causeLabel(cause))],
      [t`Evidence`, evidence === null ? null : escapeMarkdown(evidence)],
      [t`What to do`, advice === null ? null : escapeMarkdown(advice)],
    ]),
    error === null ? '' : codeBlock(error.slice(0, 1000)),
    phase.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const labels = (): Readonly<Record<ZeroYieldCause | ZeroYieldCode, string>> => ({
  cancelled: t`cancelled`,
  interrupted: t`interrupted`,
  'not-started': t`the executor did not start`,
  'timed-out': t`timed out`,
  'table-missing': t`no telemetry table`,
  'telemetry-disabled': t`telemetry is disabled`,
  'recorded-elsewhere': t`recorded under another run`,
  'import-error': t`import error`,
  'model-limit': t`a limit of the model was hit`,
  'provider-error': t`the model provider refused or failed`,
  environment: t`a fault of the environment`,
  'model-reached-and-failed': t`failed after the model was reached`,
  'failed-before-model': t`failed before the model was reached`,
  'succeeded-not-flushed': t`not flushed`,
  'succeeded-without-model': t`no model was called`,
  'did-nothing': t`the executor did nothing`,
  'crashed-before-phase': t`the executor crashed before the phase`,
  unknown: t`cause unknown`,
  success_no_llm_calls: t`no model was called`,
  timeout: t`timed out`,
  failed_before_llm: t`failed before the model was reached`,
  llm_boundary_hit: t`a limit of the model was hit`,
  execution_error: t`execution error`,
});

/** Why a phase gave no telemetry, in words; what is not known is shown as it is. */
function causeLabel(cause: string): string {
  return (labels() as Readonly<Record<string, string>>)[cause] ?? cause;
}
