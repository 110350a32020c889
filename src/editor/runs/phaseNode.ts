import * as vscode from 'vscode';
import { isSameValue } from '../../core/model/sameValue.ts';
import type { Phase, PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { phaseDescription, phaseLabel, phaseTooltip } from './runTexts.ts';
import type { TreeNode } from '../window/treeView.ts';
import { isDrainable, stateLabel } from '../window/labels.ts';
import { stateIcon } from './stateIcon.ts';
import { showPhaseCommand } from '../commands/commandLink.ts';

/** A phase, below the row of its run or tier. */
export class PhaseNode<Parent extends TreeNode = TreeNode> implements TreeNode, PhaseKey {
  readonly kind = 'phase';
  readonly id: string;
  readonly parent: Parent;
  readonly #namesRun: boolean;
  #phase: Phase;

  /** `namesRun` is whether its row says which run it is of. */
  constructor(phase: Phase, parent: Parent, namesRun = false) {
    this.#phase = phase;
    this.#namesRun = namesRun;
    this.parent = parent;
    this.id = PhaseNode.idOf(phase);
  }

  /** By row, for old files hold the same phase id twice in a run. */
  static idOf(phase: Phase): string {
    return JSON.stringify(['phase', phase.runId, phase.rowId]);
  }

  get phase(): Phase {
    return this.#phase;
  }

  get runId(): string {
    return this.#phase.runId;
  }

  get phaseId(): string {
    return this.#phase.phaseId;
  }

  /** Takes the newest facts; returns whether anything changed. */
  update(phase: Phase): boolean {
    if (isSameValue(phase, this.#phase)) return false;
    this.#phase = phase;
    return true;
  }

  treeItem(): vscode.TreeItem {
    const phase = this.#phase;
    const item = new vscode.TreeItem(phaseLabel(phase), vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    const description = [...(this.#namesRun ? [phase.runId] : []), phaseDescription(phase)].join(' · ');
    item.description = description;
    item.iconPath = stateIcon(phase.state);
    item.contextValue = [
      'phase',
      ...(isDrainable(phase.state) ? ['drainable'] : []),
      ...(phase.state === 'FAILED' ? ['requeueable'] : []),
    ].join(';');
    item.accessibilityInformation = {
      label: t`Phase ${phaseLabel(phase)}, ${stateLabel(phase.state)}, ${description}`,
    };
    item.command = showPhaseCommand(phase);
    return item;
  }

  tooltip(): vscode.MarkdownString {
    return new vscode.MarkdownString(phaseTooltip(this.#phase), true);
  }
}
