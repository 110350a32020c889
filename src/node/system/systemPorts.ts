import type * as crypto from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../core/errors.ts';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';

/** The machine's own time. */
export const systemClock: ClockPort = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted === true) throw new CancelledError(t`Waiting`);
      throw error;
    }
  },
};

/** SHA-256 on Node. */
export const sha256Hex: Sha256Hex = (text) => cryptography().createHash('sha256').update(text).digest('hex');

/** Node's cryptography, loaded when it is used: that takes as long as reading a small database. */
export function cryptography(): typeof crypto {
  return process.getBuiltinModule('node:crypto');
}
