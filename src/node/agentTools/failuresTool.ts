import * as z from 'zod';
import { adviseOnFailures } from '../../core/model/failureClass.ts';
import { defineTool, type AgentTool } from './agentTool.ts';
import { isoTime } from './answerText.ts';
import { pageInput, pageOf } from './toolInput.ts';

/** How many phases of a cluster are named. */
const examples = 3;

/** What failed, clustered by why. */
export const failuresTool: AgentTool = defineTool({
  name: 'autopack_failures',
  title: 'Autopack: Failures',
  description:
    'Groups the FAILED phases of the selected Autopack database, across all runs, into clusters with the same cause, the largest first: how many phases and runs, the latest reason, its class, what to do about it, and the latest phases. Use it to find out why phases fail. Reads only.',
  input: z.strictObject(pageInput),
  async answer(page, { world, path, signal }) {
    const { value } = await world.reader.request(path, 'failures', null, signal);
    const { failedPhases, failedRuns, clusters } = value;
    return {
      facts: { failedPhases, failedRuns, clusterCount: clusters.length },
      lists: [
        pageOf('clusters', clusters, page, (cluster) => ({
          phases: cluster.count,
          runs: cluster.runs,
          class: cluster.failureClass,
          reason: cluster.sample,
          reasonFrom: cluster.source,
          lastSeen: isoTime(cluster.lastSeen),
          advice: adviseOnFailures(cluster.failureClass),
          latest: cluster.phases.slice(0, examples),
        })),
      ],
    };
  },
});
