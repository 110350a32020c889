import * as vscode from 'vscode';
import type { SharedWorker } from '../../core/drain/sharedDrain.ts';
import { wholeSeconds } from '../../core/drain/timeLeft.ts';
import { workerName } from '../../core/drain/workersText.ts';
import { t } from '../../core/text/l10n.ts';
import { factList, inlineCode } from '../../core/text/markdown.ts';
import { showPhaseCommand } from '../commands/commandLink.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import type { TreeNode } from '../window/treeView.ts';

/** One of those who work on a drain together, and the phase that it executes. */
export class WorkerNode implements TreeNode {
  readonly kind = 'worker';
  readonly id: string;
  readonly #worker: SharedWorker;
  readonly #now: number;

  /** `drain` is the id of the drain's row; `now` is ms since the epoch. */
  constructor(worker: SharedWorker, drain: string, now: number) {
    this.#worker = worker;
    this.#now = now;
    this.id = JSON.stringify(['worker', drain, worker.number]);
  }

  treeItem(): vscode.TreeItem {
    const { phase, isAlive } = this.#worker;
    const name = workerName(this.#worker);
    const label = name.charAt(0).toUpperCase() + name.slice(1);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = this.#description();
    item.iconPath = isAlive
      ? phase === null
        ? new vscode.ThemeIcon('watch')
        : stateIcon('EXECUTING')
      : new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('charts.yellow'));
    item.contextValue = 'worker';
    item.accessibilityInformation = { label: `${label}, ${item.description}` };
    if (phase !== null) item.command = showPhaseCommand(phase);
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const { host, pid, phase } = this.#worker;
    const facts = factList([
      [t`Machine`, inlineCode(host)],
      [t`Process`, String(pid)],
      [t`Phase`, phase === null ? null : t`${inlineCode(phase.phaseId)} of ${inlineCode(phase.runId)}`],
    ]);
    return new vscode.MarkdownString(facts, true);
  }

  #description(): string {
    const { phase, isAlive } = this.#worker;
    if (!isAlive) return t`not heard of: what it had is taken over`;
    if (phase === null) return t`waiting for a phase`;
    return `${phase.phaseId} · ${t`executing for ${wholeSeconds(this.#now - phase.since)}`}`;
  }
}
