import * as vscode from 'vscode';
import type { FailureCluster } from '../../core/failures/clusterFailures.ts';
import { adviseOnFailures } from '../../core/model/failureClass.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import { commandIds, type ClusterTarget } from '../ids.ts';
import type { TreeNode } from '../window/treeView.ts';
import { stateIcon } from '../runs/stateIcon.ts';
import { formatDate, formatDateTime } from '../../core/text/times.ts';
import { clusterLabel, reasonSources } from '../runs/failureTexts.ts';

/** Every kind of row of the Failures view. */
export type FailuresTreeNode = ClusterNode | FailureNode | MoreFailuresNode;

const mostRows = 200;

/** Phases of any runs that failed in the same way. */
export class ClusterNode implements TreeNode, ClusterTarget {
  readonly kind = 'cluster';
  readonly id: string;
  readonly cluster: FailureCluster;

  constructor(cluster: FailureCluster) {
    this.cluster = cluster;
    this.id = JSON.stringify(['cluster', cluster.fingerprint]);
  }

  get keys(): readonly PhaseKey[] {
    return this.cluster.phases;
  }

  get fingerprint(): string {
    return this.cluster.fingerprint;
  }

  /** Made when the row is opened. */
  children(): readonly (FailureNode | MoreFailuresNode)[] {
    const { phases, fingerprint } = this.cluster;
    const rows = phases.slice(0, mostRows).map((key, index) => new FailureNode(key, fingerprint, index));
    const hidden = phases.length - rows.length;
    return hidden > 0 ? [...rows, new MoreFailuresNode(hidden, fingerprint)] : rows;
  }

  treeItem(): vscode.TreeItem {
    const { cluster } = this;
    const item = new vscode.TreeItem(clusterLabel(cluster), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = this.id;
    item.description = clusterDescription(cluster);
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    item.contextValue = 'cluster';
    item.accessibilityInformation = {
      label: t`Failed like this: ${clusterLabel(cluster)}, ${item.description}`,
    };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(clusterTooltip(this.cluster), true);
  }
}

/** `45 phases · 12 runs · 2025-12-24`. */
function clusterDescription({ count, runs, lastSeen }: FailureCluster): string {
  return [
    counted(count, 'phase'),
    counted(runs, 'run'),
    ...(lastSeen === null ? [] : [formatDate(lastSeen)]),
  ].join(' · ');
}

/** Markdown: an example, the numbers, and what to do. */
function clusterTooltip(cluster: FailureCluster): string {
  const { sample, source, maskedText, count, runs, lastSeen, failureClass, fingerprint } = cluster;
  return [
    `**${t`${counted(count, 'phase')} of ${counted(runs, 'run')} failed like this`}**`,
    sample === null
      ? t`Neither the database nor the drain sessions and error reports in the folders of this window say why.`
      : codeBlock(sample),
    escapeMarkdown(adviseOnFailures(failureClass)),
    factList([
      [t`Source`, source === null ? null : reasonSources()[source]],
      [t`In common`, maskedText === '' ? null : inlineCode(maskedText)],
      [t`Last seen`, lastSeen === null ? null : formatDateTime(lastSeen)],
      [t`Fingerprint`, inlineCode(fingerprint)],
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A phase of a cluster; a click opens its details. */
class FailureNode implements TreeNode, PhaseKey {
  readonly kind = 'failure';
  readonly id: string;
  readonly runId: string;
  readonly phaseId: string;

  /** `index` is its place in its cluster: old files hold the same phase id twice in a run. */
  constructor({ runId, phaseId }: PhaseKey, fingerprint: string, index: number) {
    this.runId = runId;
    this.phaseId = phaseId;
    this.id = JSON.stringify(['failure', fingerprint, index]);
  }

  treeItem(): vscode.TreeItem {
    const { runId, phaseId } = this;
    const item = new vscode.TreeItem(phaseId, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = runId;
    item.iconPath = stateIcon('FAILED');
    item.accessibilityInformation = { label: t`Failed phase ${phaseId} of ${runId}` };
    item.contextValue = 'failure';
    item.command = {
      command: commandIds.showPhase,
      title: t`Show Phase Details`,
      arguments: [{ runId, phaseId } satisfies PhaseKey],
    };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}

/** Says how many phases of a large cluster have no row: nobody reads thousands that failed alike. */
class MoreFailuresNode implements TreeNode {
  readonly kind = 'more';
  readonly id: string;
  readonly #hidden: number;

  constructor(hidden: number, fingerprint: string) {
    this.#hidden = hidden;
    this.id = JSON.stringify(['more', fingerprint]);
  }

  treeItem(): vscode.TreeItem {
    const label = t`${counted(this.#hidden, 'earlier failure')} of the same kind`;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}
