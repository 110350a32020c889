import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { elsewhere } from './refusedInBrowser.ts';

const storageKey = 'browserNoticeShown';

/** A command of VS Code's that moves the folder to where everything can be done; not every window has it. */
const continueCommand = 'workbench.editSessions.actions.continueEditSession';

const notice = () =>
  t`In the browser, databases are only read. Draining, seeding, re-queuing, deleting, backups, PostgreSQL and the checks of git and API servers are not offered: they need programs and file locks.`;

/** What the notice needs. */
export interface BrowserNoticeDeps {
  readonly selected: Pick<SelectedDatabase, 'state' | 'onDidChange'>;
  /** Where it is kept that a person has seen it. */
  readonly memento: vscode.Memento;
  readonly errors: ErrorReporter;
}

/** Says once what is not offered in a browser, and why: when a person first works on a database there. */
export function registerBrowserNotice({ selected, memento, errors }: BrowserNoticeDeps): DisposableStore {
  const store = new DisposableStore();
  if (memento.get(storageKey) === true) return store;
  store.add(
    selected.onDidChange(({ kind }) => {
      if (kind !== 'ready') return;
      store.dispose();
      errors.watch(show(memento));
    }),
  );
  return store;
}

async function show(memento: vscode.Memento): Promise<void> {
  await memento.update(storageKey, true);
  const commands = await vscode.commands.getCommands(true);
  const leave = t`Continue Working On…`;
  // Without a button, VS Code shows one line of it.
  const button = commands.includes(continueCommand) ? leave : 'OK';
  const pressed = await safeWindow.showInformationMessage(`${notice()} ${elsewhere()}`, button);
  if (pressed === leave) await vscode.commands.executeCommand(continueCommand);
}
