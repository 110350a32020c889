import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { SourceDrift } from '../../core/guard/drift.ts';
import { type Mend, mendText } from '../../core/guard/mend.ts';
import { withDatabaseUrl } from '../../core/guard/withDatabaseUrl.ts';
import { errnoCode } from '../../node/files/fileError.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { settingsSection } from '../ids.ts';
import { requireTrust } from '../workspace/requireTrust.ts';

/** Lets a person choose how a source is made to agree with the selection, and does it. */
export async function mendSource({ message, mends }: SourceDrift, selected: SelectedDatabase): Promise<void> {
  const picked = await vscode.window.showQuickPick(
    mends.map((mend) => ({ label: mendText(mend), mend })),
    { title: 'Put It Right', placeHolder: message },
  );
  if (picked !== undefined) await carryOut(picked.mend, selected);
}

async function carryOut(mend: Mend, selected: SelectedDatabase): Promise<void> {
  switch (mend.kind) {
    case 'select':
      await selected.select(mend.path);
      return;
    case 'write-dotenv':
      return writeDotenv(mend.file, mend.databaseUrl);
    case 'change-setting': {
      requireTrust('Changing a setting of the workspace');
      const name = mend.name.replace(`${settingsSection}.`, '');
      await vscode.workspace.getConfiguration(settingsSection).update(name, mend.path);
      return;
    }
    case 'new-terminal':
      vscode.window.createTerminal().show();
      return;
    case 'restart-with':
    case 'restart-server':
      return copyUrl(mend.databaseUrl, mendText(mend));
    case 'ask-with-canary':
      // Asked where a server is used, with consent: this view asks none by itself.
      await vscode.window.showInformationMessage(mendText(mend));
  }
}

async function writeDotenv(file: string, databaseUrl: string): Promise<void> {
  requireTrust('Writing a .env file');
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoCode(error) === 'ENOENT') return '';
    throw error;
  });
  await writeFile(file, withDatabaseUrl(before, databaseUrl));
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
}

/** Only a person can restart another program: they get what to start it with. */
async function copyUrl(databaseUrl: string, instruction: string): Promise<void> {
  const copy = 'Copy DATABASE_URL';
  const pressed = await vscode.window.showInformationMessage(instruction, copy);
  if (pressed === copy) await vscode.env.clipboard.writeText(`DATABASE_URL=${databaseUrl}`);
}
