import type { AgentTool } from './agentTool.ts';
import { drainPlanTool } from './drainPlanTool.ts';
import { drainStatusTool } from './drainStatusTool.ts';
import { failuresTool } from './failuresTool.ts';
import { identityTool } from './identityTool.ts';
import { phasesTool } from './phasesTool.ts';
import { telemetryTool } from './telemetryTool.ts';

/** Every tool that agents are given, in both faces. None writes. */
export const agentTools: readonly AgentTool[] = [
  identityTool,
  phasesTool,
  failuresTool,
  telemetryTool,
  drainPlanTool,
  drainStatusTool,
];
