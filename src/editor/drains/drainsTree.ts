import * as vscode from 'vscode';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { commandIds, type SessionTarget } from '../ids.ts';
import type { Proposals } from '../builders/proposals.ts';
import type { TreeNode } from '../window/treeView.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { markRow } from '../database/roleDecorations.ts';
import { safeTreeItem } from '../window/safeTreeItem.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import type { DrainRunner } from './drainRunner.ts';
import type { DrainedPhaseNode } from './drainedPhaseNode.ts';
import { readStoredDrain } from './followedDrainStore.ts';
import type { PhaseRemarkNode } from './phaseRemarkNode.ts';
import { RunningDrainNode, type ExecutingPhaseNode } from './runningDrainNode.ts';
import type { WorkerNode } from './workerNode.ts';
import { SessionNode } from './sessionNode.ts';

const pageSize = 50;

/** What the Drains view shows. */
export interface DrainsTreeDeps {
  readonly runner: Pick<DrainRunner, 'lives' | 'onDidChange'>;
  readonly builders: { readonly proposals: Pick<Proposals, 'pending' | 'onDidChange'> };
  readonly clock: ClockPort;
  readonly log: LoggerPort;
}

/** The rows of the Drains view: the drains under way, then the sessions of every workspace folder, newest first. */
export class DrainsTree implements vscode.TreeDataProvider<DrainsTreeNode>, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<DrainsTreeNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #deps: DrainsTreeDeps;
  readonly #listing = new CoalescedTask(() => this.#list());
  readonly #checking = new CoalescedTask(() => this.#checkOthers());
  /** Every session, newest first; `undefined` until listed. */
  #sessions: readonly SessionNode[] | undefined;
  #limit = pageSize;
  #showsRunning = false;

  constructor(deps: DrainsTreeDeps) {
    this.#deps = deps;
    this.#store.add(deps.builders.proposals.onDidChange(() => this.tick()));
    let before = deps.runner.lives.length;
    this.#store.add(
      deps.runner.onDidChange(() => {
        const { length } = deps.runner.lives;
        if (length === before) this.tick();
        else this.#changes.fire(undefined);
        // The session of one that has ended is a past one now.
        if (length < before) void this.refresh();
        before = length;
      }),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  getTreeItem(node: DrainsTreeNode): vscode.TreeItem {
    const item = safeTreeItem(node.treeItem());
    const databasePath = databaseOf(node);
    return databasePath === null ? item : markRow(item, databasePath);
  }

  resolveTreeItem(item: vscode.TreeItem, node: DrainsTreeNode): vscode.TreeItem {
    const tooltip = node.tooltip();
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  async getChildren(node?: DrainsTreeNode): Promise<DrainsTreeNode[]> {
    if (node === undefined) return this.#roots();
    switch (node.kind) {
      case 'running':
      case 'session':
      case 'drained':
        return [...node.children];
      case 'executing':
      case 'worker':
      case 'remark':
      case 'older':
        return [];
    }
  }

  /** Shows the drains under way as they stand now. */
  tick(): void {
    if (this.#showsRunning) this.#changes.fire(undefined);
  }

  /** Shows which drains of other programs have ended: one that was killed has written nothing of it. */
  async checkOthers(): Promise<void> {
    await this.#checking.run();
  }

  showOlder(): void {
    this.#limit += pageSize;
    void this.refresh();
  }

  /** Looks for sessions again and reads those that are shown. Resolves when the rows say so. */
  async refresh(): Promise<void> {
    if (this.#sessions === undefined) this.#changes.fire(undefined);
    else await this.#listing.run();
  }

  async #roots(): Promise<DrainsTreeNode[]> {
    if (this.#sessions === undefined) await this.#listing.run();
    const { lives } = this.#deps.runner;
    const { proposals } = this.#deps.builders;
    const now = this.#deps.clock.now();
    this.#showsRunning = lives.length > 0;
    const past = this.#past();
    const hidden = past.length - this.#limit;
    return [
      ...lives.map((live) => new RunningDrainNode(live, now, proposals.pending)),
      ...past.slice(0, this.#limit),
      ...(hidden > 0 ? [new OlderDrainsNode(hidden)] : []),
    ];
  }

  /** The sessions of no drain that is followed. */
  #past(): readonly SessionNode[] {
    const { lives } = this.#deps.runner;
    return (this.#sessions ?? []).filter(
      ({ folder, sessionId }) =>
        !lives.some((live) => live.workspaceFolder === folder && live.sessionId === sessionId),
    );
  }

  async #checkOthers(): Promise<void> {
    const others = this.#past()
      .slice(0, this.#limit)
      .filter((session) => session.isRunning);
    await this.#read(others);
    if (others.some((session) => !session.isRunning)) this.#changes.fire(undefined);
  }

  async #list(): Promise<void> {
    const known = new Map((this.#sessions ?? []).map((node) => [node.id, node]));
    const places = await this.#places();
    const folders = new Set(places.map(({ folder }) => folder));
    const sessions = places.map(
      (place) => known.get(SessionNode.idOf(place)) ?? new SessionNode(place, folders.size > 1),
    );
    const isFirst = this.#sessions === undefined;
    this.#sessions = sessions;
    const reading = this.#read(sessions.slice(0, this.#limit)).then(() => this.#changes.fire(undefined));
    // The first time the rows are there at once, and what is in the files follows.
    if (isFirst) void reading;
    else await reading;
  }

  async #places(): Promise<readonly SessionTarget[]> {
    const places: SessionTarget[] = [];
    const { SessionFiles } = await import('../../node/drain/sessionStore.ts');
    for (const { uri } of localFolders()) {
      try {
        const ids = await new SessionFiles(uri.fsPath).list();
        places.push(...ids.map((sessionId) => ({ folder: uri.fsPath, sessionId })));
      } catch (error) {
        this.#deps.log.warn(`The drain sessions of ${uri.fsPath} could not be listed: ${String(error)}`);
      }
    }
    return places.sort((a, b) => (a.sessionId < b.sessionId ? 1 : -1));
  }

  async #read(sessions: readonly SessionNode[]): Promise<void> {
    for (const session of sessions) {
      try {
        session.update(await readStoredDrain(session, vscode.workspace.isTrusted));
      } catch (error) {
        session.update(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}

/** Every kind of row of the Drains view. */
export type DrainsTreeNode =
  | RunningDrainNode
  | ExecutingPhaseNode
  | WorkerNode
  | SessionNode
  | DrainedPhaseNode
  | PhaseRemarkNode
  | OlderDrainsNode;

/** The last row of a list of sessions that is longer than what is shown of it. */
class OlderDrainsNode implements TreeNode {
  readonly kind = 'older';
  readonly id = 'older';
  readonly #hidden: number;

  constructor(hidden: number) {
    this.#hidden = hidden;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(t`Show older drains`, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = t`${counted(this.#hidden, 'session')} not shown`;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.command = { command: commandIds.showOlderDrains, title: t`Show Older Drains` };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}

/** The database that a drain is or was of, real and absolute; `null` where its row does not say. */
function databaseOf(node: DrainsTreeNode): string | null {
  if (node.kind === 'running') return node.databasePath;
  if (node.kind !== 'session' || node.content instanceof Error) return null;
  return node.content?.facts?.databasePath ?? null;
}
