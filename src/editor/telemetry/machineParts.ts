import type * as vscode from 'vscode';
import { ChosenEstimator } from './chosenEstimator.ts';
import { ProposalController, type ProposalControllerDeps } from './proposalController.ts';
import type { TelemetryParts, ExportFiles } from './telemetryParts.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { refuseDatabaseFile } from '../../node/system/refuseDatabaseFile.ts';
import { sha256Hex } from '../../node/system/systemPorts.ts';
import { exportToFile } from '../../node/telemetry/writeExport.ts';
import { besideDatabase } from '../database/guardFolder.ts';

/** What a page does on a machine with files; `memento` is where the choice of the estimator is kept. */
export function machineParts(
  deps: Omit<ProposalControllerDeps, 'estimator' | 'send'>,
  memento: vscode.Memento,
): TelemetryParts {
  return {
    files: localExports(deps.clock),
    proposalsFor: (send) =>
      new ProposalController({ ...deps, estimator: new ChosenEstimator(memento), send }),
  };
}

/** Exports into files of this machine. */
function localExports(clock: ClockPort): ExportFiles {
  return {
    sha256: sha256Hex,
    besideDatabase,
    async refuseDatabase(target, path) {
      if (target.scheme === 'file' && target.fsPath !== path) return refuseDatabaseFile(target.fsPath);
      throw new UserFacingError(
        'invalid-argument',
        t`The export cannot be written there.`,
        t`Choose a new file in a folder on the machine where the extension runs.`,
      );
    },
    // The dialog has asked whether a file that is there may be replaced.
    write: (request, { fsPath: path }, exported, signal) =>
      exportToFile(request, { path, overwrite: true }, exported, clock, signal),
  };
}
