import { basename } from 'node:path';
import * as vscode from 'vscode';
import { adopt, planAdoption } from '../../node/guard/adopt.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { backupSentence } from '../guard/backupWords.ts';
import { guardFolder, guardOf } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { roleName } from '../identity/identityFacts.ts';

/** Gives a copy an id of its own, so that nothing takes it for the database it was copied from. */
export async function adoptAnew(path: string, deps: BulkDeps): Promise<void> {
  const guard = guardOf(path, deps);
  const { mark } = await guard.inspect(path);
  if (mark.role === 'unknown') {
    await executeCommand('adoptDatabase');
    return;
  }
  const plan = await planAdoption(guard, path, { role: mark.role, anew: true });
  const button = 'Give It a New Id';
  const question = `Make ${basename(path)} a database of its own?`;
  const detail = [
    `It shares its id (${mark.id ?? 'none'}) with the database it was copied from. It gets a backup, then a new id; its role and everything else stay.`,
    '',
    `Database: ${mark.path}`,
    `Role: ${roleName(mark.role)}`,
  ].join('\n');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return;
  const { backup } = await adopt(plan, { ...deps, guard, workspaceFolder: guardFolder(path) });
  await deps.selected.refresh();
  deps.errors.watch(
    vscode.window.showInformationMessage(
      `${basename(path)} has an id of its own now.${backupSentence(backup)}`,
    ),
  );
}
