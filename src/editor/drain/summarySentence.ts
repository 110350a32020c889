import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { outcomeWords } from './outcomeWords.ts';

/** Characters of a reason that a notification has room for. */
const longest = 180;

/** `10 phases drained in 12 s: 10 complete; 10 samples. Analyze the telemetry.` */
export function summarySentence(summary: DrainSummary): string {
  const { processed, events, stop, nextStep } = summary;
  if (processed === 0) return `${stop.message} ${nextStep}`;
  const took = formatDuration(summary.activeMs);
  const result = `${counted(processed, 'phase')} drained in ${took}: ${outcomeWords(summary)}; ${counted(events, 'sample')}.`;
  return [result, ...(stop.complete ? [] : [stop.message]), ...sharedReason(summary), nextStep].join(' ');
}

/** What every execution failed with, where that was one and the same: it says more than any advice. */
function sharedReason({ results, stop }: DrainSummary): string[] {
  // These say it themselves.
  if (stop.kind === 'same-failure' || stop.kind === 'executor-unavailable') return [];
  const [first] = results;
  const error = first?.error ?? null;
  if (first === undefined || error === null || first.fingerprint === null) return [];
  if (results.some(({ fingerprint }) => fingerprint !== first.fingerprint)) return [];
  const line = error.replaceAll(/\s+/g, ' ').replace(/(?<![.\s])[.\s]+$/, '');
  return [line.length > longest ? `${line.slice(0, longest)}…` : `${line}.`];
}
