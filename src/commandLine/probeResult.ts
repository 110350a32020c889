import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { judgeProbe } from '../core/drain/drainStops.ts';
import type { CommandResult } from './commandResult.ts';
import { drainJson, drainText } from './drainReport.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';

/** What `drain --probe` prints: go or no-go, then what any drain prints. `drained` is the exit code of the drain itself. */
export function probeResult(databaseUrl: string, summary: DrainSummary, drained: ExitCode): CommandResult {
  const { isGo, reason } = judgeProbe(summary);
  const isJudged = drained === exitCodes.good || drained === exitCodes.findings;
  return {
    exitCode: isJudged ? (isGo ? exitCodes.good : exitCodes.findings) : drained,
    json: { databaseUrl, go: isGo, reason, drain: drainJson(databaseUrl, summary) },
    text: `${isGo ? 'Go' : 'No go'}: ${reason}\n${drainText(summary)}`,
  };
}
