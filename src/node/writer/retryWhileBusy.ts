import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError } from '../../core/errors.ts';
import { isBusy } from './sqliteError.ts';

/** Pauses between attempts in ms: short at first, since most writers commit within milliseconds. */
const pauses = [2, 5, 10, 20, 40];
const longestPause = 80;

/**
 * Repeats `step` while another program holds the lock, without blocking the thread, until `deadline` (ms since the
 * epoch); then throws what `step` threw last. Throws `CancelledError` when the signal fires.
 */
export async function retryWhileBusy<T>(
  step: () => T,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    if (signal?.aborted === true) throw new CancelledError('Writing to the database');
    try {
      return step();
    } catch (error) {
      const remaining = deadline - Date.now();
      if (!isBusy(error) || remaining <= 0) throw error;
      // Spread, so that two waiting writers do not meet again at every attempt.
      const pause = (pauses[attempt] ?? longestPause) * (0.5 + Math.random());
      await sleep(Math.min(pause, remaining), undefined, { signal }).catch(() => undefined);
    }
  }
}
