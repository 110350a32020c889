import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../core/errors.ts';
import type { ClockPort } from '../core/ports.ts';

/** The machine's own time. */
export const systemClock: ClockPort = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted === true) throw new CancelledError('Waiting');
      throw error;
    }
  },
};
