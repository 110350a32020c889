import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../core/errors.ts';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';
import type { ClockPort } from '../../core/ports.ts';

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

/** SHA-256 on Node. */
export const sha256Hex: Sha256Hex = (text) => createHash('sha256').update(text).digest('hex');
