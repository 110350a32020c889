import type { DrainPause, DrainProgress } from '../core/drain/drainProgress.ts';
import { zeroYieldText, type DrainResult } from '../core/drain/drainResult.ts';
import { eventsOf } from '../core/model/phaseObservation.ts';
import { counted } from '../core/text/quantities.ts';

const pauseTexts: Readonly<Record<DrainPause, string>> = {
  none: 'continued',
  pausing: 'pausing after this phase, as asked for in the editor',
  paused: 'paused in the editor; continue it there, or press Ctrl+C to end it',
};

/** One line of progress for a terminal, or `null` where there is nothing to say. */
export function drainProgressText(progress: DrainProgress): string | null {
  switch (progress.kind) {
    case 'session-started': {
      const { candidates, batchSize, executor, sessionPath } = progress;
      return `Draining up to ${batchSize} of ${counted(candidates, 'candidate')} with the ${executor} executor; session ${sessionPath}`;
    }
    case 'warning':
      return `warning: ${progress.message}`;
    case 'phase-started': {
      const { number, of, key, reason } = progress;
      return `[${number}/${of}] ${key.runId} ${key.phaseId}: ${reason}`;
    }
    case 'phase-finished':
      return `        ${resultText(progress.result)}`;
    case 'run-judged': {
      const { runId, promising, reason } = progress;
      return `        run ${runId} is ${promising ? 'promising' : 'set back'}: ${reason}`;
    }
    case 'pause-changed':
      return pauseTexts[progress.pause];
    case 'stopped':
      return null;
  }
}

function resultText({ finalState, durationMs, yield: gained, error, zeroYield }: DrainResult): string {
  const seconds = (durationMs / 1000).toFixed(1);
  const parts = [`${finalState} after ${seconds} s`, counted(eventsOf(gained), 'telemetry event')];
  if (error !== null) parts.push(error);
  if (zeroYield !== null) parts.push(`no telemetry: ${zeroYieldText(zeroYield, error)}`);
  return parts.join('; ');
}
