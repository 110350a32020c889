import type * as vscode from 'vscode';
import type { LoadMoreNode } from './loadMoreNode.ts';
import type { PhaseNode } from './phaseNode.ts';
import type { RunNode } from './runNode.ts';
import type { TierNode } from './tierNode.ts';

/** Every kind of row of the Runs view. */
export type RunsTreeNode = RunNode | TierNode | PhaseNode | LoadMoreNode;

/** What a row can show of itself. */
export interface TreeNode {
  /** Unique in the view and stable, so that expansion and selection outlive a refresh. */
  readonly id: string;
  treeItem(): vscode.TreeItem;
  /** Made when the pointer rests on the row, not before. */
  tooltip(): vscode.MarkdownString | undefined;
}
