import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { differencesText } from '../../core/guard/verifyPin.ts';
import type { Inspection } from '../../node/guard/databaseGuard.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { roleName } from '../identity/identityFacts.ts';
import { guardOf } from './guardOf.ts';

/** Remembers a database as it is now, on a person's word that it is the one they mean; tells whether they said so. Writes nothing into it. */
export async function takeThis(path: string, deps: Parameters<typeof guardOf>[1]): Promise<boolean> {
  const guard = guardOf(path, deps);
  const inspection = await guard.inspect(path);
  const { mark, verdict } = inspection;
  // Without an identity there is nothing to remember it by.
  if (mark.id === null) {
    await executeCommand('adoptDatabase');
    return false;
  }
  const button = 'This Is the One I Mean';
  const detail = [
    'This folder remembers it otherwise:',
    ...verdict.differences.map((each) => `${differencesText([each])}.`),
    '',
    'It is remembered as it is now; nothing is written into it.',
    '',
    `Database: ${mark.path}`,
    `Role: ${roleName(mark.role)}`,
  ].join('\n');
  const question = `Is this ${basename(path)} the database you mean?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button)
    return false;
  refuseOther(inspection, await guard.inspect(path));
  await guard.pin(path);
  return true;
}

/** A question may stand for minutes: what was agreed to must still be what is there. */
function refuseOther({ mark: agreed }: Inspection, { mark: now }: Inspection): void {
  if (isDeepStrictEqual([agreed.fileId, agreed.id, agreed.role], [now.fileId, now.id, now.role])) return;
  throw new UserFacingError(
    'replaced',
    'The database is not the one you were asked about: its file or its identity changed meanwhile.',
    'Look at what differs now, then decide again.',
  );
}
