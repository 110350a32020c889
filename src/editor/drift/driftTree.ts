import * as vscode from 'vscode';
import { migrationsText } from '../../core/identity/schemaFacts.ts';
import { othersThanSources } from './othersThanSources.ts';
import type { DriftMonitor, DriftReport } from './driftMonitor.ts';
import { type DriftNode, FindingNode, MigrationsNode, SourceNode } from './driftNodes.ts';
import { safeTreeItem } from '../text/safeTreeItem.ts';

/** The rows of the Identity view: issues first, then everything that names a database. */
export class DriftTree implements vscode.TreeDataProvider<DriftNode>, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #subscription: vscode.Disposable;
  #rows: readonly DriftNode[];

  constructor(monitor: DriftMonitor) {
    this.#rows = rowsOf(monitor.report);
    this.#subscription = monitor.onDidChange((report) => {
      const rows = rowsOf(report);
      // Rows that say the same are left alone, so that nothing flickers.
      const isSame = JSON.stringify(rows) === JSON.stringify(this.#rows);
      this.#rows = rows;
      if (!isSame) this.#changes.fire(undefined);
    });
  }

  getTreeItem(node: DriftNode): vscode.TreeItem {
    return safeTreeItem(node.treeItem());
  }

  getChildren(node?: DriftNode): DriftNode[] {
    return node === undefined ? [...this.#rows] : [];
  }

  /** The row with an id, if it is still there. */
  find(id: string): DriftNode | undefined {
    return this.#rows.find((row) => row.id === id);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }
}

function rowsOf({ path, findings, sources, migrations }: DriftReport): DriftNode[] {
  const isTold = findings.some(({ code }) => code === 'no-migrations');
  const text = migrations === undefined || isTold ? null : migrationsText(migrations);
  return [
    ...othersThanSources(findings).map((finding) => new FindingNode(finding, path ?? '')),
    ...sources.map((each) => new SourceNode(each)),
    ...(text === null ? [] : [new MigrationsNode(text)]),
  ];
}
