import { basename } from 'node:path';
import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import type { Offer } from '../offers/offers.ts';
import { applyingDetail } from './applyingDetail.ts';

/** Asks whether a proposal is to be applied, with what changes and what that did to phases not seen before. */
export async function confirmApplying(
  path: string,
  result: CalibrationResult,
  offer: Offer,
): Promise<boolean> {
  const apply = 'Apply';
  const message = `Apply the proposal to ${basename(path)}?`;
  const detail = applyingDetail(path, result);
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [apply] })) === apply;
}
