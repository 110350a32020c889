import type * as vscode from 'vscode';
import { ChosenEstimator } from './chosenEstimator.ts';
import { localExports } from './localExports.ts';
import { ProposalController, type ProposalControllerDeps } from './proposalController.ts';
import type { TelemetryParts } from './registerTelemetryPanel.ts';

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
