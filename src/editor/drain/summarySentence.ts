import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { outcomeWords } from './outcomeWords.ts';

/** `10 phases drained in 12 s: 10 complete; 10 telemetry events. Analyze the telemetry.` */
export function summarySentence(summary: DrainSummary): string {
  const { processed, events, stop, nextStep } = summary;
  if (processed === 0) return `${stop.message} ${nextStep}`;
  const took = formatDuration(summary.activeMs);
  const result = `${counted(processed, 'phase')} drained in ${took}: ${outcomeWords(summary)}; ${counted(events, 'telemetry event')}.`;
  return [result, ...(stop.complete ? [] : [stop.message]), nextStep].join(' ');
}
