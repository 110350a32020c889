import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { counted } from '../../core/text/quantities.ts';

/** The last row of a list of sessions that is longer than what is shown of it. */
export class OlderDrainsNode implements TreeNode {
  readonly kind = 'older';
  readonly id = 'older';
  readonly #hidden: number;

  constructor(hidden: number) {
    this.#hidden = hidden;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem('Show older drains', vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = `${counted(this.#hidden, 'session')} not shown`;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.command = { command: commandIds.showOlderDrains, title: 'Show Older Drains' };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}
