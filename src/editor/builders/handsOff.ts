import * as vscode from 'vscode';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';

const key = 'handsOff';

/**
 * Whether drains of this workspace write files without asking. A person says so in a dialog, for this workspace on this
 * machine: it is no setting, for a settings file that lies in a repository could say it in their place.
 */
export class HandsOff implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;

  /** The memento of the workspace. */
  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    setContext('handsOff', this.isOn);
  }

  get isOn(): boolean {
    return vscode.workspace.isTrusted && this.#memento.get(key) === true;
  }

  async set(isOn: boolean): Promise<void> {
    await this.#memento.update(key, isOn ? true : undefined);
    setContext('handsOff', this.isOn);
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** The commands that switch asking off and on again. */
export function registerHandsOff(handsOff: HandsOff, errors: ErrorReporter): DisposableStore {
  const store = new DisposableStore();
  store.add(
    registerCommand('writeWithoutAsking', errors, async () => {
      requireTrust('Writing without asking');
      const write = 'Write Without Asking';
      const pressed = await safeWindow.showWarningMessage(
        'Let drains write files in this workspace without asking?',
        { modal: true, detail: meaning },
        write,
      );
      if (pressed === write) await handsOff.set(true);
    }),
  );
  store.add(
    registerCommand('askBeforeWriting', errors, async () => {
      await handsOff.set(false);
      const message =
        'Drains of this workspace ask before they write. A drain under way goes on as it began.';
      errors.watch(safeWindow.showInformationMessage(message));
    }),
  );
  return store;
}

const meaning = [
  "A model's answers are written as soon as they pass the checks, and nobody looks at them first.",
  '',
  "Only the files of a phase's scope are written, never settings, hooks, secrets or databases. What was there before is kept: Restore Files of This Phase brings it back.",
  '',
  'This holds for this workspace on this machine, from the next drain on, until you choose Ask Before Writing Files.',
].join('\n');
