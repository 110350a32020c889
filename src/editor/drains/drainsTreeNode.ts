import type { DrainedPhaseNode } from './drainedPhaseNode.ts';
import type { OlderDrainsNode } from './olderDrainsNode.ts';
import type { ExecutingPhaseNode, RunningDrainNode } from './runningDrainNode.ts';
import type { SessionNode } from './sessionNode.ts';

/** Every kind of row of the Drains view. */
export type DrainsTreeNode =
  RunningDrainNode | ExecutingPhaseNode | SessionNode | DrainedPhaseNode | OlderDrainsNode;
