import { changeTitle } from '../../core/identity/journalReport.ts';
import { changeToUndo } from '../../core/maintenance/undoChange.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { undoAgreed } from '../../node/maintenance/bulkChange.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { WriteDeps } from '../guard/authoriseWrite.ts';

/** How many of the last changes can be undone from here. */
const mostChanges = 100;

/** Says what a bulk change of a database on a server has done, and offers to undo it by the rows that were kept. */
export async function offerUndo(message: string, path: string, deps: WriteDeps): Promise<void> {
  const { value: changes } = await deps.reader.request(path, 'databaseChanges', { limit: 1 });
  const [last] = changes.entries;
  if (last?.kept === undefined) {
    await safeWindow.showInformationMessage(message);
    return;
  }
  const undo = t`Undo…`;
  const offer = await deps.offers.about(path);
  const pressed = await offer.ask({ severity: 'information', message, buttons: [undo] });
  if (pressed === undo) await undoServerChange(path, last.serial, deps);
}

/**
 * Undoes a change of a database on a server, after a question that says how many rows that are. Throws what the guard
 * throws, `not-found` where the rows are no longer kept, and `changed` where they were changed since.
 */
export async function undoServerChange(path: string, serial: number, deps: WriteDeps): Promise<void> {
  const { reader, selected } = deps;
  const guard = guardOf(path, deps);
  const { value: changes } = await reader.request(path, 'databaseChanges', { limit: mostChanges });
  const change = changeToUndo(changes, serial, path);
  const entry = changes.entries.find((each) => each.serial === serial);
  const expected = await guard.authorise(path, 'undo');
  if (!(await deps.confirmSources(path))) return;
  const offer = await deps.offers.about(path);
  const button = t`Undo`;
  const message = t`Undo change ${serial} of ${databaseName(path)}?`;
  const detail = [
    ...(entry === undefined ? [] : [changeTitle(entry)]),
    t`${counted(change.rows, 'row')} become what they were. Where one was changed since, nothing is undone.`,
  ];
  const write = { operation: 'undo', rows: change.rows } as const;
  const asked = { severity: 'warning', message, detail, buttons: [button], write } as const;
  if ((await offer.ask(asked)) !== button) return;
  await undoAgreed(path, change, expected, { ...deps, guard, workspaceFolder: guardFolder(path) });
  await selected.refresh();
  deps.errors.watch(safeWindow.showInformationMessage(t`Undid change ${serial}.`));
}
