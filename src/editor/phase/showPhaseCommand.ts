import type * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import { commandIds } from '../ids.ts';

/** What a click on the row of a phase does, in whatever view. */
export function showPhaseCommand({ runId, phaseId }: PhaseKey): vscode.Command {
  return {
    command: commandIds.showPhase,
    title: 'Show Phase Details',
    arguments: [{ runId, phaseId } satisfies PhaseKey],
  };
}
