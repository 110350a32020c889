import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Phase } from '../../core/model/phase.ts';
import type { Tier } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { escapeMarkdownLines, escapeMarkdown } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import type { PhaseNode } from './phaseNode.ts';
import type { RunNode } from './runNode.ts';
import type { TreeNode } from './runsTreeNode.ts';
import { stateIcon } from './stateIcon.ts';
import { stateCountsLabel, stateLabel } from './stateLabels.ts';

/** A tier of a run that has several; `null` gathers the phases whose tier does not exist. */
export class TierNode implements TreeNode {
  readonly kind = 'tier';
  readonly id: string;
  readonly parent: RunNode;
  phases: readonly PhaseNode[] = [];
  #tier: Tier | null;
  #counts: StateCounts = {};
  #phasesInAll = 0;

  constructor(tier: Tier | null, parent: RunNode) {
    this.#tier = tier;
    this.parent = parent;
    this.id = TierNode.idOf(parent.runId, tier);
  }

  static idOf(runId: string, tier: Tier | null): string {
    return JSON.stringify(['tier', runId, tier?.id ?? null]);
  }

  /** Takes the newest facts; tells whether anything of its own row changed. */
  update(tier: Tier | null, shown: readonly Phase[], phasesInAll: number): boolean {
    const counts: Record<string, number> = {};
    for (const { state } of shown) counts[state] = (counts[state] ?? 0) + 1;
    const same = isDeepStrictEqual(tier, this.#tier) && isDeepStrictEqual(counts, this.#counts);
    if (same && phasesInAll === this.#phasesInAll) return false;
    this.#tier = tier;
    this.#phasesInAll = phasesInAll;
    this.#counts = counts;
    return true;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.#label, vscode.TreeItemCollapsibleState.Expanded);
    item.id = this.id;
    item.description = this.#description;
    item.iconPath = this.#tier === null ? new vscode.ThemeIcon('question') : stateIcon(this.#tier.state);
    item.contextValue = 'tier';
    item.accessibilityInformation = { label: `Tier ${this.#label}, ${this.#description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const tier = this.#tier;
    if (tier === null)
      return new vscode.MarkdownString('These phases name a tier that is not in the database.');
    const title = `**${escapeMarkdown(this.#label)}** — ${escapeMarkdown(stateLabel(tier.state))}`;
    const description = tier.description === null ? '' : `\n\n${escapeMarkdownLines(tier.description)}`;
    return new vscode.MarkdownString(title + description);
  }

  get #description(): string {
    const counts = stateCountsLabel(this.#counts);
    return this.phases.length === this.#phasesInAll
      ? counts
      : `${counts} of ${counted(this.#phasesInAll, 'phase')}`;
  }

  get #label(): string {
    if (this.#tier === null) return 'No tier';
    const { tierId, name } = this.#tier;
    return name === '' || name === tierId ? tierId : `${tierId}: ${name}`;
  }
}
