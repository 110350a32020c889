import type { GroupedPhaseNode, MorePhasesNode, PhaseGroupNode } from './phaseGroups.ts';
import type { RunNode, RunPhaseNode, TierNode } from './runNode.ts';
import type { LoadMoreNode } from './runsTreeNode.ts';

/** Every kind of row of the Runs view. */
export type RunsTreeNode =
  RunNode | TierNode | RunPhaseNode | PhaseGroupNode | GroupedPhaseNode | MorePhasesNode | LoadMoreNode;
