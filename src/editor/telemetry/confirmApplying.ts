import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import { applyingDetail } from './applyingDetail.ts';

/** Asks whether a proposal is to be applied, with what changes and what that did to phases not seen before. */
export async function confirmApplying(path: string, result: CalibrationResult): Promise<boolean> {
  const apply = 'Apply';
  const question = `Apply the proposal to ${basename(path)}?`;
  const detail = applyingDetail(path, result);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, apply)) === apply;
}
