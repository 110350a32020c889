import { UserFacingError } from '../../core/errors.ts';
import { shippedPrices } from '../../core/model/prices.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { CalibrationProposals } from './telemetryParts.ts';

/** Proposals in the browser: worked out for Autopack's own coefficients, and only shown. */
export function browserProposals(reader: DatabaseReader): CalibrationProposals {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new UserFacingError(
        'unsupported',
        t`In the browser a proposal is only shown.`,
        t`Open the folder with VS Code on a computer to write or apply it.`,
      ),
    );
  return {
    async workOut(database, anyRole, signal) {
      const options = { anyRole, prices: [shippedPrices] };
      const { value: result, version } = await reader.request(database, 'calibration', options, signal);
      return {
        state: version.token,
        value: { result, estimator: null, trusted: false, isInBrowser: true },
      };
    },
    trustGranted: () => undefined,
    write: refuse,
    apply: refuse,
    chooseEstimator: refuse,
  };
}
