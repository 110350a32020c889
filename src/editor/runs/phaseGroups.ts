import * as vscode from 'vscode';
import type { FailureCluster } from '../../core/failures/clusterFailures.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { anyPhase, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import { phaseStates, type StateCounts } from '../../core/model/state.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { clusterLabel } from './failureTexts.ts';
import { stateLabel } from '../window/labels.ts';
import { PhaseNode } from './phaseNode.ts';
import { stateIcon } from './stateIcon.ts';
import type { Layout } from './runsLayout.ts';
import type { TreeNode } from '../window/treeView.ts';

/** Rows of a group: whoever wants to see more narrows it by a filter. */
const mostRows = 500;

/** A phase of any run, below its group. */
export type GroupedPhaseNode = PhaseNode<PhaseGroupNode>;

/** Phases of any runs that have a state or a failure in common. */
export class PhaseGroupNode implements TreeNode {
  readonly kind = 'group';
  readonly id: string;
  readonly #label: string;
  readonly #description: string;
  readonly #icon: vscode.ThemeIcon;
  readonly #filter: PhaseFilter;
  readonly #keys: readonly PhaseKey[] | null;

  private constructor(
    id: readonly string[],
    texts: { readonly label: string; readonly description: string; readonly icon: vscode.ThemeIcon },
    content: { readonly filter: PhaseFilter; readonly keys: readonly PhaseKey[] | null },
  ) {
    this.id = JSON.stringify(['group', ...id]);
    this.#label = texts.label;
    this.#description = texts.description;
    this.#icon = texts.icon;
    this.#filter = content.filter;
    this.#keys = content.keys;
  }

  /** The phases in a state, of those that pass the filter. */
  static ofState(state: string, phases: number, filter: PhaseFilter | null): PhaseGroupNode {
    const label = stateLabel(state);
    return new PhaseGroupNode(
      ['state', state],
      {
        label: `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
        description: counted(phases, 'phase'),
        icon: stateIcon(state),
      },
      { filter: { ...(filter ?? anyPhase), states: [state] }, keys: null },
    );
  }

  /** The phases of a cluster, of those that pass the filter. */
  static ofCluster(cluster: FailureCluster, filter: PhaseFilter | null): PhaseGroupNode {
    const size = `${counted(cluster.count, 'phase')} · ${counted(cluster.runs, 'run')}`;
    return new PhaseGroupNode(
      ['failure', cluster.fingerprint],
      {
        label: clusterLabel(cluster),
        description: filter === null ? size : t`${size} before the filter`,
        icon: stateIcon('FAILED'),
      },
      { filter: filter ?? anyPhase, keys: cluster.phases },
    );
  }

  /** Fails as the reader does. */
  async children(
    reader: DatabaseReader,
    path: string,
    signal: AbortSignal,
  ): Promise<(GroupedPhaseNode | MorePhasesNode)[]> {
    const question = { filter: this.#filter, keys: this.#keys, limit: mostRows };
    const { phases, total } = (await reader.request(path, 'listPhases', question, signal)).value;
    const rows = phases.map((phase) => new PhaseNode<PhaseGroupNode>(phase, this, true));
    return total > rows.length ? [...rows, new MorePhasesNode(total - rows.length, this)] : rows;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.#label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = this.id;
    item.description = this.#description;
    item.iconPath = this.#icon;
    item.contextValue = 'group';
    item.accessibilityInformation = { label: t`Group ${this.#label}, ${this.#description}` };
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}

/** Says how many phases of a large group have no row. */
export class MorePhasesNode implements TreeNode {
  readonly kind = 'morePhases';
  readonly id: string;
  readonly parent: PhaseGroupNode;
  readonly #hidden: number;

  constructor(hidden: number, parent: PhaseGroupNode) {
    this.#hidden = hidden;
    this.parent = parent;
    this.id = JSON.stringify(['morePhases', parent.id]);
  }

  treeItem(): vscode.TreeItem {
    const label = t`${formatCount(this.#hidden)} older phases not shown`;
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = t`Filter to narrow the list`;
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    return item;
  }

  tooltip(): undefined {
    return undefined;
  }
}

/** How phases of all runs are grouped. */
export interface GroupQuestion {
  readonly groupBy: Layout['groupBy'];
  readonly filter: PhaseFilter | null;
  /** Those that pass the filter, by state. */
  readonly states: StateCounts;
}

/** The groups there are: a state each, in the order in which phases go through them, or a failure each. Fails as the reader does. */
export async function phaseGroups(
  reader: DatabaseReader,
  path: string,
  { groupBy, filter, states }: GroupQuestion,
  signal: AbortSignal,
): Promise<PhaseGroupNode[]> {
  if (groupBy === 'failure') {
    const { value } = await reader.request(path, 'failures', null, signal);
    return value.clusters.map((cluster) => PhaseGroupNode.ofCluster(cluster, filter));
  }
  const known: readonly string[] = phaseStates;
  const others = Object.keys(states).filter((state) => !known.includes(state));
  return [...known, ...others.sort()].flatMap((state) => {
    const phases = states[state] ?? 0;
    return phases === 0 ? [] : [PhaseGroupNode.ofState(state, phases, filter)];
  });
}
