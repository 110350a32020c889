import { basename } from 'node:path';
import { adopt, planAdoption } from '../../node/maintenance/adopt.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { tellWithBackup } from '../guard/backupWords.ts';
import { askWhichFile, whichFileText } from '../guard/askWhichFile.ts';
import { guardFolder, guardOf } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';

/** Gives a copy an id of its own, so that nothing takes it for the database it was copied from. */
export async function adoptAnew(path: string, deps: BulkDeps): Promise<void> {
  const guard = guardOf(path, deps);
  const offer = await deps.offers.about(path);
  const inspection = await guard.inspect(path);
  const { mark } = inspection;
  if (mark.role === 'unknown') {
    await executeCommand('adoptDatabase');
    return;
  }
  const plan = await planAdoption(guard, path, { role: mark.role, anew: true });
  const original = await guard.originalOf(inspection);
  const question = {
    message: `Make ${basename(path)} a database of its own?`,
    detail: [
      ...whichFileText(inspection, original),
      '',
      'It gets a backup, then a new ID; its role and everything else stay.',
    ],
    goOn: 'Give It a New ID',
  };
  if (!(await askWhichFile(offer, original, question, deps))) return;
  const { backup } = await adopt(plan, { ...deps, guard, workspaceFolder: guardFolder(path) });
  await deps.selected.refresh();
  deps.errors.watch(tellWithBackup(`${basename(path)} has an ID of its own now.`, backup));
}
