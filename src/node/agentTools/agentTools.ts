import type { AgentTool } from './agentTool.ts';
import { drainPlanTool } from './drainPlanTool.ts';
import { drainTool } from './drainTool.ts';
import { drainStatusTool } from './drainStatusTool.ts';
import { failuresTool } from './failuresTool.ts';
import { identityTool } from './identityTool.ts';
import { markStaleTool } from './markStaleTool.ts';
import { phasesTool } from './phasesTool.ts';
import { requeueTool } from './requeueTool.ts';
import { seedTool } from './seedTool.ts';
import { telemetryTool } from './telemetryTool.ts';
import type { WritingTool } from './writingTool.ts';

/** Every tool that reads, in both faces. */
export const agentTools: readonly AgentTool[] = [
  identityTool,
  phasesTool,
  failuresTool,
  telemetryTool,
  drainPlanTool,
  drainStatusTool,
];

/** Every tool that writes, in both faces: only where a human agreed to just that write. */
export const writingTools: readonly WritingTool[] = [seedTool, requeueTool, markStaleTool, drainTool];
