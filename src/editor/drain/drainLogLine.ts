import type { DrainProgress } from '../../core/drain/drainProgress.ts';

/** What a drain tells, as a line of the log. */
export function drainLogLine(told: DrainProgress): string {
  switch (told.kind) {
    case 'session-started':
      return `Drain ${told.sessionId}: ${told.candidates} candidates, executor ${told.executor}, ${told.sessionPath}`;
    case 'warning':
      return `Drain: ${told.message}`;
    case 'phase-started':
      return `${told.key.runId}/${told.key.phaseId} starts, attempt ${told.attempt}: ${told.reason}`;
    case 'phase-finished': {
      const { runId, phaseId, finalState, error } = told.result;
      return `${runId}/${phaseId} is ${finalState}${error === null ? '' : `: ${error}`}`;
    }
    case 'run-judged':
      return `The run ${told.runId} is ${told.promising ? 'promising' : 'left for later'}: ${told.reason}`;
    case 'pause-changed':
      return `The drain is ${told.pause === 'none' ? 'at work' : told.pause}`;
    case 'stopped':
      return `The drain ended: ${told.summary.stop.message}`;
  }
}
