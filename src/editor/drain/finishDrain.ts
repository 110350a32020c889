import { basename } from 'node:path';
import type { FollowEnd } from '../../node/drain/drainClient.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import type { DrainPlace } from './drainMemory.ts';
import type { Offers } from '../offers/offers.ts';
import { showDrainSummary } from './showDrainSummary.ts';
import { writeDrainReport } from './writeDrainReport.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** What telling the end of a drain needs. */
export interface FinishDrainDeps {
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly offers: Offers;
}

/** Tells what a drain came to, whoever began it: its report and summary, why it failed, or that it has died. */
export async function finishDrain(
  { selected, errors, offers }: FinishDrainDeps,
  place: DrainPlace,
  end: FollowEnd,
): Promise<void> {
  try {
    switch (end.kind) {
      case 'stopped': {
        const report = await writeDrainReport(end.summary, place.databasePath);
        if (selected.path !== undefined) await selected.refresh();
        // Not awaited: the message may stand for as long as it likes, and the drain has ended.
        errors.watch(showDrainSummary(end.summary, { report, path: place.databasePath, offers }));
        return;
      }
      case 'failed':
        errors.report(end.error);
        return;
      case 'lost':
        if (selected.path !== undefined) await selected.refresh();
        errors.watch(offerResume(place, offers));
        return;
      case 'let-go':
    }
  } catch (error) {
    errors.report(error);
  }
}

async function offerResume(
  { databasePath, workspaceFolder, sessionId }: DrainPlace,
  offers: Offers,
): Promise<void> {
  const what = `The process that drained ${basename(databasePath)} has died.`;
  if (sessionId === null) {
    await safeWindow.showErrorMessage(`${what} No phase had begun: drain again.`);
    return;
  }
  const offer = await offers.about(databasePath);
  if (!offer.isSelected) {
    const next = 'Select that database, then resume the drain in the Drains view.';
    await safeWindow.showErrorMessage(`${what} ${next}`);
    return;
  }
  const resume = 'Resume Drain';
  const message = `${what} Resume its session, which finds out what came of its last phase.`;
  const chosen = await offer.ask({ severity: 'error', message, buttons: [resume] });
  if (chosen === resume) await executeCommand('resumeDrain', { folder: workspaceFolder, sessionId });
}
