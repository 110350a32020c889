import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import type { DrainTarget } from '../ids.ts';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { formatDuration } from '../window/times.ts';
import { fromResult, DrainedPhaseNode } from './drainedPhaseNode.ts';
import { runningDescription, wholeSeconds } from './timeLeft.ts';
import { showPhaseCommand } from '../commands/commandLink.ts';

/** A drain under way, here or in another program. */
export class RunningDrainNode implements TreeNode, DrainTarget {
  readonly kind = 'running';
  readonly id: string;
  readonly databasePath: string;
  readonly #live: LiveDrain;
  readonly #now: number;

  /** `now` is ms since the epoch. */
  constructor(live: LiveDrain, now: number) {
    this.#live = live;
    this.#now = now;
    this.databasePath = live.databasePath;
    this.id = JSON.stringify(['running', live.databasePath]);
  }

  /** The phase under way, then those that ended, the latest first. */
  get children(): readonly (ExecutingPhaseNode | DrainedPhaseNode)[] {
    const { inFlight, results } = this.#live;
    const ended = results.map((result, index) => new DrainedPhaseNode(fromResult(result), this.id, index));
    return [...(inFlight === null ? [] : [new ExecutingPhaseNode(inFlight, this.#now)]), ...ended.reverse()];
  }

  treeItem(): vscode.TreeItem {
    const { databasePath, isCancelling, pause } = this.#live;
    const label = `${isCancelling ? 'Ending the drain of' : 'Draining'} ${basename(databasePath)}`;
    const isPaused = pause === 'paused' && !isCancelling;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
    item.id = this.id;
    item.description = runningDescription(this.#live, this.#now);
    item.iconPath = isPaused
      ? new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'))
      : new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue'));
    const canDo = pause === 'none' ? 'pausable' : 'paused';
    item.contextValue = isCancelling ? 'running' : `running;cancellable;${canDo}`;
    item.accessibilityInformation = { label: `${label}, ${item.description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const { executor, databasePath, workspaceFolder, sessionId } = this.#live;
    const facts = factList([
      ['Database', inlineCode(databasePath)],
      ['Folder', inlineCode(workspaceFolder)],
      ['Executor', inlineCode(executor)],
      ['Session', sessionId === null ? null : inlineCode(sessionId)],
    ]);
    return new vscode.MarkdownString(facts, true);
  }
}

/** The phase a drain is executing. */
export class ExecutingPhaseNode implements TreeNode, PhaseKey {
  readonly kind = 'executing';
  readonly id: string;
  readonly runId: string;
  readonly phaseId: string;
  readonly #flight: NonNullable<LiveDrain['inFlight']>;
  readonly #now: number;

  constructor(flight: NonNullable<LiveDrain['inFlight']>, now: number) {
    this.#flight = flight;
    this.#now = now;
    this.runId = flight.key.runId;
    this.phaseId = flight.key.phaseId;
    this.id = JSON.stringify(['executing', flight.startedAt, this.runId, this.phaseId]);
  }

  treeItem(): vscode.TreeItem {
    const { startedAt, timeoutMs } = this.#flight;
    const item = new vscode.TreeItem(this.phaseId, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = `executing for ${wholeSeconds(this.#now - startedAt)}, at most ${formatDuration(timeoutMs)}`;
    item.iconPath = stateIcon('EXECUTING');
    item.contextValue = 'executing';
    item.command = showPhaseCommand(this);
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const { reason } = this.#flight;
    return new vscode.MarkdownString(
      `**${escapeMarkdown(this.phaseId)}** of ${escapeMarkdown(this.runId)}\n\n${escapeMarkdown(reason)}`,
      true,
    );
  }
}
