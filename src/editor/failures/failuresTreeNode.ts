import type { ClusterNode } from './clusterNode.ts';
import type { FailureNode } from './failureNode.ts';
import type { MoreFailuresNode } from './moreFailuresNode.ts';

/** Every kind of row of the Failures view. */
export type FailuresTreeNode = ClusterNode | FailureNode | MoreFailuresNode;
