import * as vscode from 'vscode';
import { isSameValue } from '../../core/model/sameValue.ts';
import type { Phase } from '../../core/model/phase.ts';
import { filterTest, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { RunDetail, RunSummary, Tier } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { t } from '../../core/text/l10n.ts';
import { escapeMarkdownLines, escapeMarkdown } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import type { RunTarget } from '../ids.ts';
import type { ListedRun } from './listedRuns.ts';
import { PhaseNode } from './phaseNode.ts';
import { runDescription, runTooltip } from './runTexts.ts';
import type { TreeNode } from '../window/treeView.ts';
import { runIcon, stateIcon } from './stateIcon.ts';
import { drainableCount, stateCountsLabel, stateLabel } from '../window/labels.ts';

/** A phase of a run, below the run or one of its tiers. */
export type RunPhaseNode = PhaseNode<RunNode | TierNode>;

/** What lies below a run: its phases, or tiers where there are several. */
type RunChild = TierNode | RunPhaseNode;

/** A run, and once it was expanded what is below it. */
export class RunNode implements TreeNode, RunTarget {
  readonly kind = 'run';
  readonly id: string;
  readonly runId: string;
  /** Whether it is open when first shown. */
  readonly startsOpen: boolean;
  #run: RunSummary;
  #matching: StateCounts | null;
  #children: readonly RunChild[] | undefined;

  constructor({ run, matching }: ListedRun, startsOpen: boolean) {
    this.#run = run;
    this.#matching = matching;
    this.runId = run.id;
    this.id = JSON.stringify(['run', run.id]);
    this.startsOpen = startsOpen;
  }

  /** What is below it, if it was read already. */
  get children(): readonly RunChild[] | undefined {
    return this.#children;
  }

  /** The rows of its phases, as far as they were read. */
  get phases(): readonly RunPhaseNode[] {
    return (this.#children ?? []).flatMap((child) => (child.kind === 'tier' ? child.phases : [child]));
  }

  /** Forgets what is below it; the next expansion reads it again. */
  forgetChildren(): void {
    this.#children = undefined;
  }

  /** Takes the newest summary; returns whether anything changed. */
  update({ run, matching }: ListedRun): boolean {
    if (isSameValue(run, this.#run) && isSameValue(matching, this.#matching)) return false;
    this.#run = run;
    this.#matching = matching;
    return true;
  }

  /** Takes what of it passes the filter and returns the nodes to refresh: only those that changed, this one if rows came or went. */
  updateDetail(detail: RunDetail, filter: PhaseFilter | null): readonly (RunNode | RunChild)[] {
    const known = new Map<string, RunChild>();
    for (const child of this.#children ?? []) {
      known.set(child.id, child);
      if (child.kind === 'tier') for (const phase of child.phases) known.set(phase.id, phase);
    }
    const changed: RunChild[] = [];
    const idsBefore = this.#rowIds();
    const passes = filter === null ? null : filterTest(filter);
    this.#children =
      detail.tiers.length > 1
        ? groupByTier(detail, passes).map((content) => this.#tierNode(content, known, changed))
        : phaseNodes(passes === null ? detail.phases : detail.phases.filter(passes), this, known, changed);
    return isSameValue(idsBefore, this.#rowIds()) ? changed : [this];
  }

  treeItem(): vscode.TreeItem {
    const run = this.#run;
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(
      run.id,
      run.phaseCount === 0 ? None : this.startsOpen ? Expanded : Collapsed,
    );
    item.id = this.id;
    const description = runDescription(run, this.#matching);
    item.description = description;
    item.iconPath = runIcon(run);
    item.contextValue = [
      'run',
      ...(drainableCount(run.phaseStates) > 0 ? ['drainable'] : []),
      ...((run.phaseStates.FAILED ?? 0) > 0 ? ['requeueable'] : []),
    ].join(';');
    item.accessibilityInformation = { label: t`Run ${run.id}, ${description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(runTooltip(this.#run), true);
  }

  #tierNode(
    { tier, shown, phasesInAll }: TierContent,
    known: ReadonlyMap<string, RunChild>,
    changed: RunChild[],
  ): TierNode {
    const before = known.get(TierNode.idOf(this.runId, tier));
    const node = before?.kind === 'tier' ? before : new TierNode(tier, this);
    if (node.update(tier, shown, phasesInAll)) changed.push(node);
    node.phases = phaseNodes(shown, node, known, changed);
    return node;
  }

  #rowIds(): readonly string[] {
    return (this.#children ?? []).flatMap((child) =>
      child.kind === 'tier' ? [child.id, ...child.phases.map(({ id }) => id)] : [child.id],
    );
  }
}

function phaseNodes(
  phases: readonly Phase[],
  parent: RunNode | TierNode,
  known: ReadonlyMap<string, RunChild>,
  changed: RunChild[],
): RunPhaseNode[] {
  return phases.map((phase) => {
    const before = known.get(PhaseNode.idOf(phase));
    const node =
      before?.kind === 'phase' && before.parent === parent
        ? before
        : new PhaseNode<RunNode | TierNode>(phase, parent);
    if (node.update(phase)) changed.push(node);
    return node;
  });
}

/** A tier, `null` for none, with those of its phases that are shown. */
interface TierContent {
  readonly tier: Tier | null;
  readonly shown: readonly Phase[];
  readonly phasesInAll: number;
}

/**
 * Phases below their tiers, in order; those whose tier does not exist come last, below `null`. Where phases have to pass a
 * filter (`null` lets all), tiers without one that does are left out.
 */
function groupByTier(
  { tiers, phases }: Pick<RunDetail, 'tiers' | 'phases'>,
  passes: ((phase: Phase) => boolean) | null,
): readonly TierContent[] {
  const known = new Set(tiers.map(({ id }) => id));
  const contentOf = (tier: Tier | null, own: readonly Phase[]): TierContent => ({
    tier,
    shown: passes === null ? own : own.filter(passes),
    phasesInAll: own.length,
  });
  const orphans = phases.filter(({ tierRowId }) => tierRowId === null || !known.has(tierRowId));
  const groups = [
    ...tiers.map((tier) =>
      contentOf(
        tier,
        phases.filter(({ tierRowId }) => tierRowId === tier.id),
      ),
    ),
    ...(orphans.length === 0 ? [] : [contentOf(null, orphans)]),
  ];
  return passes === null ? groups : groups.filter(({ shown }) => shown.length > 0);
}

/** A tier of a run that has several; `null` gathers the phases whose tier does not exist. */
export class TierNode implements TreeNode {
  readonly kind = 'tier';
  readonly id: string;
  readonly parent: RunNode;
  phases: readonly RunPhaseNode[] = [];
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

  /** Takes the newest facts; returns whether anything of its own row changed. */
  update(tier: Tier | null, shown: readonly Phase[], phasesInAll: number): boolean {
    const counts: Record<string, number> = {};
    for (const { state } of shown) counts[state] = (counts[state] ?? 0) + 1;
    const same = isSameValue(tier, this.#tier) && isSameValue(counts, this.#counts);
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
    item.accessibilityInformation = { label: t`Tier ${this.#label}, ${this.#description}` };
    return item;
  }

  tooltip(): vscode.MarkdownString {
    const tier = this.#tier;
    if (tier === null)
      return new vscode.MarkdownString(t`These phases name a tier that is not in the database.`);
    const title = `**${escapeMarkdown(this.#label)}** — ${escapeMarkdown(stateLabel(tier.state))}`;
    const description = tier.description === null ? '' : `\n\n${escapeMarkdownLines(tier.description)}`;
    return new vscode.MarkdownString(title + description);
  }

  get #description(): string {
    const counts = stateCountsLabel(this.#counts);
    return this.phases.length === this.#phasesInAll
      ? counts
      : t`${counts} of ${counted(this.#phasesInAll, 'phase')}`;
  }

  get #label(): string {
    if (this.#tier === null) return t`No tier`;
    const { tierId, name } = this.#tier;
    return name === '' || name === tierId ? tierId : `${tierId}: ${name}`;
  }
}

/** Keeps the row of every run that is still there, and tells which of them changed. */
export function mergeRuns(
  before: readonly RunNode[],
  listed: readonly ListedRun[],
): { readonly runs: readonly RunNode[]; readonly changed: RunNode[] } {
  const known = new Map(before.map((run) => [run.runId, run]));
  const changed: RunNode[] = [];
  const runs = listed.map((each) => {
    const run = known.get(each.run.id);
    if (run === undefined) return new RunNode(each, false);
    if (run.update(each)) changed.push(run);
    return run;
  });
  return { runs, changed };
}
