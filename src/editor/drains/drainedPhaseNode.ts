import * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import { commandIds } from '../ids.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import { stateLabel } from '../runs/stateLabels.ts';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { causeLabel } from './causeLabels.ts';
import type { DrainedPhase } from './drainedPhase.ts';

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

  treeItem(): vscode.TreeItem {
    const { phaseId, runId, finalState, stdoutPath, stderrPath } = this.phase;
    const item = new vscode.TreeItem(phaseId, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = drainedPhaseDescription(this.phase);
    item.iconPath = stateIcon(finalState);
    const hasLogs = stdoutPath !== null || stderrPath !== null;
    item.contextValue = hasLogs ? 'drained;logs' : 'drained';
    item.accessibilityInformation = {
      label: `Phase ${phaseId} of ${runId}, ${stateLabel(finalState)}, ${item.description}`,
    };
    if (hasLogs) {
      item.command = { command: commandIds.openDrainLog, title: 'Open Log', arguments: [this] };
    }
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(drainedPhaseTooltip(this.phase), true);
  }
}

/** `12 s · 3 events`, or why there are none: `4.2 s · no telemetry: import error`. */
export function drainedPhaseDescription({ durationMs, events, cause }: DrainedPhase): string {
  const isEnded = cause === 'cancelled' || cause === 'interrupted';
  const none = cause === null ? 'no telemetry' : `${isEnded ? '' : 'no telemetry: '}${causeLabel(cause)}`;
  return [
    durationMs === null ? null : formatDuration(durationMs),
    events > 0 ? counted(events, 'sample') : none,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

function drainedPhaseTooltip(phase: DrainedPhase): string {
  const { phaseId, runId, finalState, durationMs, events, tokens, error, cause, evidence, advice } = phase;
  return [
    `**${escapeMarkdown(phaseId)}** — ${escapeMarkdown(stateLabel(finalState))}`,
    factList([
      ['Run', inlineCode(runId)],
      ['Took', durationMs === null ? null : formatDuration(durationMs)],
      ['Telemetry', events > 0 ? counted(events, 'sample') : null],
      ['Tokens', tokens === null || tokens === 0 ? null : formatCount(tokens)],
      ['No telemetry', cause === null || events > 0 ? null : escapeMarkdown(causeLabel(cause))],
      ['What shows it', evidence === null ? null : escapeMarkdown(evidence)],
      ['What to do', advice === null ? null : escapeMarkdown(advice)],
    ]),
    error === null ? '' : codeBlock(error.slice(0, 1000)),
    phase.notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
