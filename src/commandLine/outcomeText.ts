import type { OutcomeCounts } from '../core/drain/drainResult.ts';

/** `2 succeeded, 1 failed, 0 timed out, 1 cancelled`; what is rare is left out where there is none. */
export function outcomeText({ succeeded, failed, timedOut, cancelled, interrupted }: OutcomeCounts): string {
  return [
    `${succeeded} succeeded`,
    `${failed} failed`,
    `${timedOut} timed out`,
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
  ].join(', ');
}
