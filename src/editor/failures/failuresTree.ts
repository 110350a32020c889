import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { FailureReport, FoundReason, LookForReasons } from '../../core/failures/clusterFailures.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { keyOf } from '../../core/queries/candidates.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { isShowable } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { ClusterNode, type FailuresTreeNode } from './clusterNode.ts';
import { markRow } from '../database/roleDecorations.ts';
import { safeTreeItem } from '../window/safeTreeItem.ts';

/** Phases without a reason that are looked for in files. */
const mostLookedFor = 2000;

/** The rows of the Failures view: what failed in the selected database, by why. Read only while somebody looks. */
export class FailuresTree implements vscode.TreeDataProvider<FailuresTreeNode>, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #reports = this.#store.add(new vscode.EventEmitter<FailureReport | undefined>());
  /** Other failures are known; `undefined` where none are, for want of a database. */
  readonly onDidRead = this.#reports.event;
  readonly #reader: DatabaseReader;
  readonly #selected: SelectedDatabase;
  readonly #lookForReasons: LookForReasons;
  readonly #reading = new CoalescedTask(() => this.#read());
  #path: string | undefined;
  #clusters: readonly ClusterNode[] | undefined;
  /** What was found outside of the database. */
  #found: readonly FoundReason[] | null = null;
  /** Keys of phases that were looked for there. */
  readonly #lookedFor = new Set<string>();
  /** Ends the questions about a database that is no longer selected. */
  #scope = new AbortController();

  /** `lookForReasons` finds out outside of the database at a path why phases failed. */
  constructor(reader: DatabaseReader, selected: SelectedDatabase, lookForReasons: LookForReasons) {
    this.#reader = reader;
    this.#lookForReasons = lookForReasons;
    this.#selected = selected;
    this.#path = selected.path;
    let wasShowable = isShowable(selected.state);
    this.#store.add(
      selected.onDidChange((state) => {
        const showable = isShowable(state);
        if (selected.path === this.#path && showable === wasShowable) return;
        wasShowable = showable;
        this.#path = selected.path;
        this.#scope.abort();
        this.#scope = new AbortController();
        this.#forget();
      }),
    );
  }

  dispose(): void {
    this.#scope.abort();
    this.#store.dispose();
  }

  getTreeItem(node: FailuresTreeNode): vscode.TreeItem {
    const item = safeTreeItem(node.treeItem());
    return node.kind === 'more' ? item : markRow(item);
  }

  resolveTreeItem(item: vscode.TreeItem, node: FailuresTreeNode): vscode.TreeItem {
    const tooltip = node.tooltip();
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(node?: FailuresTreeNode): Promise<FailuresTreeNode[]> {
    if (node !== undefined) return node.kind === 'cluster' ? [...node.children()] : [];
    if (this.#clusters === undefined && isShowable(this.#selected.state)) await this.#reading.run();
    return [...(this.#clusters ?? [])];
  }

  /** Asked for by the editor where a row is to be shown. */
  getParent(): undefined {
    return undefined;
  }

  /** Reads the failures again. */
  async refresh(): Promise<void> {
    if (!isShowable(this.#selected.state)) return;
    await this.#reading.run();
    this.#changes.fire(undefined);
  }

  /** Of a cluster the phase that failed last. Fails with `not-found` where nothing fails in this way any more. */
  sampleOf(fingerprint: string): PhaseKey {
    const [latest] = this.requireCluster(fingerprint).cluster.phases;
    if (latest !== undefined) return latest;
    throw noneLeft();
  }

  /** The row of a cluster. Fails with `not-found` where nothing fails in this way any more. */
  requireCluster(fingerprint: string): ClusterNode {
    const node = this.#clusters?.find((each) => each.fingerprint === fingerprint);
    if (node !== undefined) return node;
    throw noneLeft();
  }

  /** Reads what drains and Autopack left of the phases whose rows do not say why they failed, and groups them anew by it. */
  async #lookOutside({ clusters }: FailureReport, path: string, signal: AbortSignal): Promise<void> {
    const untold = clusters.filter(({ source }) => source === null || source === 'run');
    const keys = untold
      .flatMap(({ phases }) => phases)
      .filter((key) => !this.#lookedFor.has(keyOf(key)))
      .slice(0, mostLookedFor);
    if (keys.length === 0) return;
    for (const key of keys) this.#lookedFor.add(keyOf(key));
    const found = await this.#lookForReasons(keys, path);
    if (signal.aborted || found.length === 0) return;
    this.#found = [...(this.#found ?? []), ...found];
    await this.refresh();
  }

  #forget(): void {
    this.#clusters = undefined;
    this.#found = null;
    this.#lookedFor.clear();
    this.#reports.fire(undefined);
    this.#changes.fire(undefined);
  }

  async #read(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    const { signal } = this.#scope;
    try {
      const { value: report } = await this.#reader.request(path, 'failures', this.#found, signal);
      if (signal.aborted) return;
      this.#clusters = report.clusters.map((cluster) => new ClusterNode(cluster));
      this.#reports.fire(report);
      // Not awaited: the rows are there, and what lies in files comes when it is read.
      void this.#lookOutside(report, path, signal);
    } catch (error) {
      if (!signal.aborted) this.#selected.reportProblem(path, error);
    }
  }
}

function noneLeft(): UserFacingError {
  return new UserFacingError(
    'not-found',
    t`No phase fails this way any longer.`,
    t`Refresh the view and choose another.`,
  );
}
