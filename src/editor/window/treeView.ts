import * as vscode from 'vscode';

/** What a row can show of itself. */
export interface TreeNode {
  /** Unique in the view and stable, so that expansion and selection outlive a refresh. */
  readonly id: string;
  treeItem(): vscode.TreeItem;
  /** Made when the pointer rests on the row, not before. */
  tooltip(): vscode.MarkdownString | undefined;
}

/**
 * A view whose rows are on the screen as soon as they are known. When a person opens a view that was collapsed, VS Code
 * makes its tree after it laid the view out, so that the tree has no height and shows nothing until the next layout, which
 * comes two seconds later. A message, an empty one too, lays it out at once.
 */
export function createTreeView<Node>(
  id: string,
  options: vscode.TreeViewOptions<Node>,
): vscode.TreeView<Node> {
  const view = vscode.window.createTreeView(id, options);
  const listener = view.onDidChangeVisibility(({ visible }) => {
    if (!visible) return;
    listener.dispose();
    view.message = view.message ?? '';
  });
  return view;
}
