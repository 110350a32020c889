import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { commandIds } from '../ids.ts';

/** What a row can show of itself. */
export interface TreeNode {
  /** Unique in the view and stable, so that expansion and selection outlive a refresh. */
  readonly id: string;
  treeItem(): vscode.TreeItem;
  /** Made when the pointer rests on the row, not before. */
  tooltip(): vscode.MarkdownString | undefined;
}

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
