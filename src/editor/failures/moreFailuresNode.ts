import * as vscode from 'vscode';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { counted } from '../../core/text/quantities.ts';

/** Says how many phases of a large cluster have no row: nobody reads thousands that failed alike. */
export class MoreFailuresNode implements TreeNode {
  readonly kind = 'more';
  readonly id: string;
  readonly #hidden: number;

  constructor(hidden: number, fingerprint: string) {
    this.#hidden = hidden;
    this.id = JSON.stringify(['more', fingerprint]);
  }

  treeItem(): vscode.TreeItem {
    const label = `${counted(this.#hidden, 'earlier failure')} of the same kind`;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}
