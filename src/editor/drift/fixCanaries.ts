import { basename } from 'node:path';
import { deleteCanariesOperation } from '../../core/maintenance/canaryRun.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { authoriseWrite } from '../guard/authoriseWrite.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { counted } from '../../core/text/quantities.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Deletes canary runs that a crash left behind, after a question that names them. Other runs are never touched. */
export async function fixCanaries(path: string, deps: BulkDeps): Promise<void> {
  const expected = await authoriseWrite(path, 'canary', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const { value: canaries } = await deps.reader.ask(path, 'leftCanaries', null);
  if (canaries.length === 0) return;
  const runs = counted(canaries.length, 'canary run');
  const button = `Delete ${counted(canaries.length, 'Canary Run')}`;
  const detail = [
    'An API server was asked with them, and taking them out again was interrupted. They hold no phases.',
    '',
    ...canaries,
  ];
  const message = `Delete ${runs} from ${basename(path)}?`;
  if ((await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) !== button) return;
  const deleted = await guardedWrite(deps.writer, { path, expected }, deleteCanariesOperation, {});
  await deps.selected.refresh();
  deps.errors.watch(safeWindow.showInformationMessage(`Deleted ${counted(deleted, 'canary run')}.`));
}
