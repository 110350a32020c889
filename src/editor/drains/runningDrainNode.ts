import * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import { commandIds, type DrainTarget } from '../ids.ts';
import type { TreeNode } from '../window/treeView.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { executingDescription } from './executingDescription.ts';
import { fromResult, DrainedPhaseNode } from './drainedPhaseNode.ts';
import { runningDescription } from '../../core/drain/timeLeft.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { showPhaseCommand } from '../commands/commandLink.ts';
import type { PendingProposal } from '../builders/proposals.ts';
import { WorkerNode } from './workerNode.ts';

/** A drain under way, here or in another program. */
export class RunningDrainNode implements TreeNode, DrainTarget {
  readonly kind = 'running';
  readonly id: string;
  readonly databasePath: string;
  readonly #live: LiveDrain;
  readonly #now: number;
  readonly #proposals: readonly PendingProposal[];

  /** `now` is ms since the epoch; `proposals` are those that wait in this window. */
  constructor(live: LiveDrain, now: number, proposals: readonly PendingProposal[]) {
    this.#live = live;
    this.#now = now;
    this.#proposals = proposals;
    this.databasePath = live.databasePath;
    this.id = JSON.stringify(['running', live.databasePath]);
  }

  /** The phase under way, or the workers where several work on it, then the phases that ended, the latest first. */
  get children(): readonly (ExecutingPhaseNode | WorkerNode | DrainedPhaseNode)[] {
    const { inFlight, results, workers } = this.#live;
    const ended = results.map((result, index) => new DrainedPhaseNode(fromResult(result), this.id, index));
    const executing =
      inFlight === null ? [] : [new ExecutingPhaseNode(inFlight, this.#now, this.#proposalOf(inFlight))];
    const atWork = workers
      .filter(({ executes }) => executes)
      .map((worker) => new WorkerNode(worker, this.id, this.#now));
    return [...(atWork.length > 0 ? atWork : executing), ...ended.reverse()];
  }

  #proposalOf({ key: { runId, phaseId } }: PhaseInFlight): PendingProposal | null {
    const isMeant = ({ databasePath, key }: PendingProposal): boolean =>
      databasePath === this.databasePath && key.runId === runId && key.phaseId === phaseId;
    return this.#proposals.find(isMeant) ?? null;
  }

  treeItem(): vscode.TreeItem {
    const { databasePath, isCancelling, pause } = this.#live;
    const name = databaseName(databasePath);
    const label = isCancelling ? t`Ending the drain of ${name}` : t`Draining ${name}`;
    const isPaused = pause === 'paused' && !isCancelling;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
    item.id = this.id;
    item.description = runningDescription(this.#live, this.#now);
    item.iconPath = isPaused
      ? new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow'))
      : new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue'));
    const canDo = pause === 'none' ? 'pausable' : 'paused';
    item.contextValue = isCancelling ? 'running' : `running;cancellable;${canDo}`;
    item.accessibilityInformation = { label: `${label}, ${item.description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const { executor, databasePath, workspaceFolder, sessionId } = this.#live;
    const facts = factList([
      [t`Database`, inlineCode(databasePath)],
      [t`Folder`, inlineCode(workspaceFolder)],
      [t`Executor`, inlineCode(executor)],
      [t`Session`, sessionId === null ? null : inlineCode(sessionId)],
    ]);
    return new vscode.MarkdownString(facts, true);
  }
}

type PhaseInFlight = NonNullable<LiveDrain['inFlight']>;

/** The phase a drain is executing. */
export class ExecutingPhaseNode implements TreeNode, PhaseKey {
  readonly kind = 'executing';
  readonly id: string;
  readonly runId: string;
  readonly phaseId: string;
  readonly #flight: PhaseInFlight;
  readonly #proposal: PendingProposal | null;
  readonly #now: number;

  /** `proposal` is what it wants to write, where it waits for a person to look at it here. */
  constructor(flight: PhaseInFlight, now: number, proposal: PendingProposal | null) {
    this.#flight = flight;
    this.#proposal = proposal;
    this.#now = now;
    this.runId = flight.key.runId;
    this.phaseId = flight.key.phaseId;
    this.id = JSON.stringify(['executing', flight.startedAt, this.runId, this.phaseId]);
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.phaseId, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    const files = this.#proposal?.files.length ?? null;
    item.description = executingDescription(this.#flight, files, this.#now);
    item.iconPath =
      files === null
        ? stateIcon('EXECUTING')
        : new vscode.ThemeIcon('diff-multiple', new vscode.ThemeColor('charts.yellow'));
    item.contextValue = files === null ? 'executing' : 'executing;approving';
    item.accessibilityInformation = { label: t`Phase ${this.phaseId} of ${this.runId}, ${item.description}` };
    const { runId, phaseId } = this;
    item.command =
      files === null
        ? showPhaseCommand(this)
        : {
            command: commandIds.showProposedFiles,
            title: t`Show Changes`,
            arguments: [{ runId, phaseId } satisfies PhaseKey],
          };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const { reason } = this.#flight;
    return new vscode.MarkdownString(
      `${t`${`**${escapeMarkdown(this.phaseId)}**`} of ${escapeMarkdown(this.runId)}`}\n\n${escapeMarkdown(reason)}`,
      true,
    );
  }
}
