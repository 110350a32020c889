import type { OutcomeCounts } from '../../core/drain/drainResult.ts';

/** `2 complete, 1 failed, 1 cancelled`; what there is none of is left out. */
export function outcomeWords(counts: Partial<OutcomeCounts>): string {
  const { succeeded = 0, failed = 0, timedOut = 0, cancelled = 0, interrupted = 0 } = counts;
  return [
    succeeded > 0 ? `${succeeded} complete` : '',
    failed > 0 ? `${failed} failed${timedOut > 0 ? ` (${timedOut} timed out)` : ''}` : '',
    cancelled > 0 ? `${cancelled} cancelled` : '',
    interrupted > 0 ? `${interrupted} interrupted` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
