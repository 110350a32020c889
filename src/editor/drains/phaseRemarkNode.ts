import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { codeBlock } from '../../core/text/markdown.ts';
import type { TreeNode } from '../window/treeView.ts';

/** One thing that a builder says of a phase it executed: why it failed, a path it refused, what could not be checked. */
export class PhaseRemarkNode implements TreeNode {
  readonly kind = 'remark';
  readonly id: string;
  readonly #text: string;
  readonly #severity: 'error' | 'note';

  /** `index` is its place among those of the row `parentId`. */
  constructor(text: string, severity: 'error' | 'note', parentId: string, index: number) {
    this.#text = text;
    this.#severity = severity;
    this.id = JSON.stringify(['remark', parentId, index]);
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.#text, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.accessibilityInformation = {
      label: `${this.#severity === 'error' ? t`Error` : t`Note`}: ${this.#text}`,
    };
    item.contextValue = 'remark';
    item.iconPath =
      this.#severity === 'error'
        ? new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'))
        : new vscode.ThemeIcon('info');
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(codeBlock(this.#text), true);
  }
}
