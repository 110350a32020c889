import * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import { commandIds } from '../ids.ts';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { stateIcon } from '../runs/stateIcon.ts';

/** A phase of a cluster; a click opens its details. */
export class FailureNode implements TreeNode, PhaseKey {
  readonly kind = 'failure';
  readonly id: string;
  readonly runId: string;
  readonly phaseId: string;

  /** `index` is its place in its cluster: old files hold the same phase id twice in a run. */
  constructor({ runId, phaseId }: PhaseKey, fingerprint: string, index: number) {
    this.runId = runId;
    this.phaseId = phaseId;
    this.id = JSON.stringify(['failure', fingerprint, index]);
  }

  treeItem(): vscode.TreeItem {
    const { runId, phaseId } = this;
    const item = new vscode.TreeItem(phaseId, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = runId;
    item.iconPath = stateIcon('FAILED');
    item.contextValue = 'failure';
    item.command = {
      command: commandIds.showPhase,
      title: 'Show Phase Details',
      arguments: [{ runId, phaseId } satisfies PhaseKey],
    };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}
