import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';

/**
 * What a person allows drains of this workspace, on this machine. They say so in a dialog: it is no setting, for a settings
 * file that lies in a repository could say it in their place.
 */
export class WorkspaceChoice implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #key: 'handsOff' | 'runsPhaseTests';
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;

  /** The memento of the workspace; the key is that of the context as well. */
  constructor(memento: vscode.Memento, key: 'handsOff' | 'runsPhaseTests') {
    this.#memento = memento;
    this.#key = key;
    setContext(key, this.isOn);
  }

  get isOn(): boolean {
    return vscode.workspace.isTrusted && this.#memento.get(this.#key) === true;
  }

  async set(isOn: boolean): Promise<void> {
    await this.#memento.update(this.#key, isOn ? true : undefined);
    setContext(this.#key, this.isOn);
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** What the commands below need. */
export interface WorkspaceChoicesDeps {
  /** Whether files are written without asking. */
  readonly handsOff: WorkspaceChoice;
  /** Whether the tests of phases are run. */
  readonly runsPhaseTests: WorkspaceChoice;
  readonly errors: ErrorReporter;
}

/** The commands by which a person allows something, and takes it back. */
export function registerWorkspaceChoices(deps: WorkspaceChoicesDeps): DisposableStore {
  const { handsOff, runsPhaseTests, errors } = deps;
  const store = new DisposableStore();
  const allow = async (choice: WorkspaceChoice, question: Question): Promise<void> => {
    requireTrust(question.what);
    const { message, detail, button } = question;
    const pressed = await safeWindow.showWarningMessage(message, { modal: true, detail }, button);
    if (pressed === button) await choice.set(true);
  };
  const takeBack = async (choice: WorkspaceChoice, message: string): Promise<void> => {
    await choice.set(false);
    errors.watch(safeWindow.showInformationMessage(`${message} ${t`Running drains are not affected.`}`));
  };
  store.add(registerCommand('writeWithoutAsking', errors, () => allow(handsOff, writing())));
  store.add(
    registerCommand('askBeforeWriting', errors, () =>
      takeBack(handsOff, t`Drains of this workspace ask before they write.`),
    ),
  );
  store.add(registerCommand('runPhaseTests', errors, () => allow(runsPhaseTests, testing())));
  store.add(
    registerCommand('skipPhaseTests', errors, () =>
      takeBack(runsPhaseTests, t`Drains of this workspace run no tests of phases.`),
    ),
  );
  return store;
}

interface Question {
  /** Part of a sentence that says that it is not done. */
  readonly what: string;
  readonly message: string;
  readonly detail: string;
  readonly button: string;
}

const writing = (): Question => ({
  what: t`Writing without asking`,
  message: t`Let drains write files in this workspace without asking?`,
  detail: [
    t`A model's answers are written as soon as they pass the checks, and nobody looks at them first.`,
    t`Only the files of a phase's scope are written, never settings, hooks, secrets or databases. What was there before is kept: Restore Files of This Phase brings it back.`,
    t`This holds for this workspace on this machine, from the next drain on, until you choose Ask Before Writing Files.`,
  ].join('\n\n'),
  button: t`Write Without Asking`,
});

const testing = (): Question => ({
  what: t`Running tests of phases`,
  message: t`Let drains run the tests of phases in this workspace?`,
  detail: [
    t`A phase is complete only if its tests pass. They are programs that a model wrote: they can do whatever you can do on this machine, for as long as they run.`,
    t`They get no API keys in their environment, and a limited time.`,
    t`This holds for this workspace on this machine, from the next drain on, until you choose Do Not Run Tests of Phases.`,
  ].join('\n\n'),
  button: t`Run Tests`,
});
