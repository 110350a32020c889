import { basename } from 'node:path';
import { staleCountsText, type StaleFindings } from '../../core/identity/stalePhase.ts';
import { failStale } from '../../node/maintenance/bulkChange.ts';
import { authoriseWrite } from '../guard/authoriseWrite.ts';
import { guardFolder } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { tellChanged } from '../guard/tellChanged.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDateTime } from '../text/times.ts';

/** Marks phases FAILED that are EXECUTING and that nobody works on, after a question that says how many, and a backup. */
export async function fixStale(path: string, found: StaleFindings, deps: BulkDeps): Promise<void> {
  // As the finding says: what was left QUEUED can still be drained.
  const stale = { ...found, stale: found.stale.filter(({ state }) => state === 'EXECUTING') };
  const expected = await authoriseWrite(path, 'mark-stale', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const button = `Mark ${counted(stale.stale.length, 'Phase')} as Failed`;
  const pressed = await offer.ask({
    severity: 'warning',
    message: `Mark ${counted(stale.stale.length, 'stale phase')} of ${basename(path)} as FAILED?`,
    detail: [
      `${staleCountsText(stale.stale)}, unchanged since ${formatDateTime(stale.before)}, and nothing is running them. A backup is made first.`,
    ],
    buttons: [button],
  });
  if (pressed !== button) return;
  const { marked, backup } = await failStale(path, stale, expected, {
    ...deps,
    workspaceFolder: guardFolder(path),
  });
  if (backup !== null) await tellChanged(`Marked ${counted(marked, 'phase')} as FAILED.`, path, backup, deps);
}
