import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { commandIds } from '../ids.ts';
import type { TreeNode } from '../window/treeView.ts';
import type { GroupedPhaseNode, MorePhasesNode, PhaseGroupNode } from './phaseGroups.ts';
import type { RunNode, RunPhaseNode, TierNode } from './runNode.ts';

/** Every kind of row of the Runs view. */
export type RunsTreeNode =
  RunNode | TierNode | RunPhaseNode | PhaseGroupNode | GroupedPhaseNode | MorePhasesNode | LoadMoreNode;

/** The last row of a list that is longer than what is shown of it. */
export class LoadMoreNode implements TreeNode {
  readonly kind = 'loadMore';
  readonly id = 'loadMore';
  readonly #hidden: number;

  constructor(hidden: number) {
    this.#hidden = hidden;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(t`Show more runs`, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = t`${counted(this.#hidden, 'older run')} not shown`;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.command = { command: commandIds.loadMoreRuns, title: t`Show More Runs` };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}
