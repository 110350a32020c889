import * as vscode from 'vscode';
import { adviseOnFailures } from '../../core/failures/failureReport.ts';
import type { FailureCluster } from '../../core/failures/clusterFailures.ts';
import type { ClusterTarget } from '../ids.ts';
import type { TreeNode } from '../runs/runsTreeNode.ts';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDate, formatDateTime } from '../text/times.ts';
import { FailureNode } from './failureNode.ts';
import { MoreFailuresNode } from './moreFailuresNode.ts';

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
    item.accessibilityInformation = { label: `${clusterLabel(cluster)}, ${item.description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(clusterTooltip(this.cluster), true);
  }
}

/** What the failures have in common, as one line. */
export function clusterLabel({ maskedText }: FailureCluster): string {
  const line = maskedText.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? 'No reason recorded' : line;
}

/** `45 phases · 12 runs · 2025-12-24`. */
export function clusterDescription({ count, runs, lastSeen }: FailureCluster): string {
  return [
    counted(count, 'phase'),
    counted(runs, 'run'),
    ...(lastSeen === null ? [] : [formatDate(lastSeen)]),
  ].join(' · ');
}

/** Markdown: an example, the numbers, and what to do. */
export function clusterTooltip(cluster: FailureCluster): string {
  const { sample, count, runs, lastSeen, failureClass, fingerprint } = cluster;
  return [
    `**${counted(count, 'phase')} of ${counted(runs, 'run')} failed like this**`,
    sample === null ? '' : codeBlock(sample),
    escapeMarkdown(adviseOnFailures(failureClass)),
    factList([
      ['Last seen', lastSeen === null ? null : formatDateTime(lastSeen)],
      ['Fingerprint', inlineCode(fingerprint)],
    ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
