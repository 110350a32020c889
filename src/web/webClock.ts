import { CancelledError } from '../core/errors.ts';
import type { ClockPort } from '../core/ports.ts';
import { t } from '../core/text/l10n.ts';

/** The time of a browser. */
export const webClock: ClockPort = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new CancelledError(t`Waiting`));
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        reject(new CancelledError(t`Waiting`));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};
