import type { RunsTree } from '../../../src/editor/runs/runsTree.ts';
import type { RunsTreeNode } from '../../../src/editor/runs/runsTreeNode.ts';

/** A row of the Runs view with all below it. */
export interface Row {
  readonly kind: RunsTreeNode['kind'];
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly icon: string;
  readonly children: readonly Row[];
}

/** Everything the Runs view would show if all of it were open. */
export async function treeContent(tree: RunsTree, parent?: RunsTreeNode): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const node of await tree.getChildren(parent)) rows.push(await rowOf(tree, node));
  return rows;
}

async function rowOf(tree: RunsTree, node: RunsTreeNode): Promise<Row> {
  const { label, description, contextValue, iconPath } = tree.getTreeItem(node);
  const icon = typeof iconPath === 'object' && 'id' in iconPath ? iconPath.id : '';
  return {
    kind: node.kind,
    label: typeof label === 'string' ? label : (label?.label ?? ''),
    description: String(description ?? ''),
    contextValue: contextValue ?? '',
    icon,
    children: await treeContent(tree, node),
  };
}

/** Every phase row below these rows, in order. */
export function phaseRows(rows: readonly Row[]): readonly Row[] {
  return rows.flatMap((row) => (row.kind === 'phase' ? [row] : phaseRows(row.children)));
}
