import * as vscode from 'vscode';
import { printable, printableLines } from '../../core/text/printable.ts';
import { safeInputBox, safePickItem } from './safeTreeItem.ts';

/** How much of a message and of the text below it is shown, in UTF-16 units. */
const longestMessage = 2000;
const longestDetail = 6000;

type ShowMessage = typeof vscode.window.showInformationMessage;

/**
 * What asks and tells in the editor, so that no text in it can forge or repaint what is asked: a message is one line, and
 * what does not show is shown as an escape. Used in place of `vscode.window`, which a lint rule forbids for these.
 */
export const safeWindow = {
  showInformationMessage: safely(() => vscode.window.showInformationMessage),
  showWarningMessage: safely(() => vscode.window.showWarningMessage),
  showErrorMessage: safely(() => vscode.window.showErrorMessage),
  async showQuickPick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: vscode.QuickPickOptions = {},
  ): Promise<T | undefined> {
    const shown = new Map(items.map((item) => [safePickItem(item), item]));
    const { title, placeHolder } = options;
    const picked = await vscode.window.showQuickPick([...shown.keys()], {
      ...options,
      ...(title === undefined ? {} : { title: printable(title) }),
      ...(placeHolder === undefined ? {} : { placeHolder: printable(placeHolder, longestMessage) }),
    });
    return picked === undefined ? undefined : shown.get(picked);
  },
  showInputBox(options: vscode.InputBoxOptions): Thenable<string | undefined> {
    return vscode.window.showInputBox(safeInputBox(options));
  },
  withProgress<R>(
    options: vscode.ProgressOptions,
    task: Parameters<typeof vscode.window.withProgress<R>>[1],
  ): Thenable<R> {
    const { title } = options;
    const shown = title === undefined ? options : { ...options, title: withoutLinks(printable(title)) };
    return vscode.window.withProgress(shown, (progress, token) =>
      task(
        {
          report: (value) => {
            const { message } = value;
            const shownMessage = message === undefined ? {} : { message: safeProgress(message) };
            progress.report({ ...value, ...shownMessage });
          },
        },
        token,
      ),
    );
  },
};

/** How long work may take before it is shown, in ms: what is quicker would only flash. */
const progressDelayMs = 500;

/** Shows work that takes its time, and lets a person cancel it. Comes to what the work comes to. */
export async function showWhileSlow<T>(
  title: string,
  work: Promise<T>,
  cancelling: AbortController,
): Promise<T> {
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), progressDelayMs));
  if (await Promise.race([ended, late])) return work;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return safeWindow.withProgress(options, (_, token) => {
    token.onCancellationRequested(() => cancelling.abort());
    return work;
  });
}

/** VS Code makes links of `[text](target)` in messages, also of commands: no name from a database is to make one. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** A message that is nothing but a link to a command of ours stays one. */
const ownLink = /^\[[\p{L}\p{N}_ ]{1,60}\]\(command:autopackHygiene\.\w{1,60}\)$/u;

function safeProgress(message: string): string {
  return ownLink.test(message) ? message : withoutLinks(printable(message));
}

/** Buttons are ours, and compared with what was pressed: they stay as they are. */
function safely(show: () => ShowMessage): ShowMessage {
  const safe = (message: string, ...rest: readonly unknown[]): Thenable<unknown> => {
    const call: (message: string, ...rest: never[]) => Thenable<unknown> = show();
    // What the overloads of the caller have checked.
    return call(withoutLinks(printable(message, longestMessage)), ...(rest.map(safeOptions) as never[]));
  };
  return safe;
}

function safeOptions(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || !('detail' in argument)) return argument;
  const { detail } = argument;
  return typeof detail === 'string'
    ? { ...argument, detail: printableLines(detail, longestDetail) }
    : argument;
}
