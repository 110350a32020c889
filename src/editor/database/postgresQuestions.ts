import * as vscode from 'vscode';
import { postgresTitle, type PostgresLocation } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { printable } from '../../core/text/printable.ts';
import { postgresDefaults } from '../../node/postgres/postgresDefaults.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { locationOf, maskPassword, urlRemark, type MaskedUrl } from './postgresUrlText.ts';

/** The title of every step. */
const connectTitle = () => t`Connect to PostgreSQL`;

/** A database that a person named, and the password that was in its URL. */
export interface AskedDatabase {
  readonly location: PostgresLocation;
  /** As it was typed, with the password masked. */
  readonly shown: string;
  readonly password: string | null;
}

/** Asks for the URL, beginning with one that was given before; `undefined` where the user leaves it open. */
export function askUrl(
  before: Pick<MaskedUrl, 'shown' | 'password'> | null,
): Promise<AskedDatabase | undefined> {
  const store = new DisposableStore();
  const input = store.add(vscode.window.createInputBox());
  let current: MaskedUrl = before ?? { shown: '', password: null };
  input.title = connectTitle();
  input.prompt = t`URL of the database, as DATABASE_URL has it. A password in it is taken out and kept safe.`;
  input.placeholder = 'postgresql://user@host:5432/database';
  input.ignoreFocusOut = true;
  input.value = current.shown;
  const check = (): PostgresLocation | undefined => {
    if (current.shown.trim() === '') {
      input.validationMessage = undefined;
      return undefined;
    }
    try {
      const location = locationOf(current, postgresDefaults());
      const message = printable(urlRemark(current, location));
      input.validationMessage = { message, severity: vscode.InputBoxValidationSeverity.Info };
      return location;
    } catch (error) {
      const said = error instanceof UserFacingError ? `${error.message} ${error.nextStep}` : String(error);
      input.validationMessage = {
        message: printable(said),
        severity: vscode.InputBoxValidationSeverity.Error,
      };
      return undefined;
    }
  };
  check();
  return new Promise((resolve) => {
    store.add(
      input.onDidChangeValue((text) => {
        current = maskPassword(text, current.password);
        if (current.shown !== text) input.value = current.shown;
        check();
      }),
    );
    store.add(
      input.onDidAccept(() => {
        const location = check();
        if (location === undefined) return;
        resolve({ location, ...current });
        input.hide();
      }),
    );
    store.add(
      input.onDidHide(() => {
        resolve(undefined);
        store.dispose();
      }),
    );
    input.show();
  });
}

/**
 * Asks for the password of a user; empty for none of our own, `undefined` where the user leaves it open. `isRefused` is
 * whether the server did not accept another one.
 */
export async function askPassword(
  { path, user }: PostgresLocation,
  isRefused: boolean,
): Promise<string | undefined> {
  return safeWindow.showInputBox({
    title: t`Password of ${user} for ${postgresTitle(path)}`,
    prompt: isRefused
      ? t`The server did not accept the last one. Kept in VS Code's secret storage. Leave empty to use PGPASSWORD or ~/.pgpass.`
      : t`Kept in VS Code's secret storage. Leave empty to use PGPASSWORD or ~/.pgpass.`,
    password: true,
    ignoreFocusOut: true,
  });
}

/** What a person does after connecting failed. */
export type AfterFailure = 'again' | 'password' | 'url';

/** Says why connecting failed, and asks how to go on; `undefined` where the user leaves it at that. */
export async function askAfterFailure(error: UserFacingError): Promise<AfterFailure | undefined> {
  const titles = { again: t`Try Again`, password: t`Enter Password…`, url: t`Change URL…` } as const;
  const ways: readonly AfterFailure[] =
    error.code === 'no-permission'
      ? ['password', 'url']
      : error.code === 'not-found' || error.code === 'invalid-url'
        ? ['url']
        : ['again', 'url'];
  // In the middle of a question, and beside the progress of connecting, a notification would be overlooked.
  const pressed = await safeWindow.showErrorMessage(
    error.message,
    { modal: true, detail: error.nextStep },
    ...ways.map((way) => titles[way]),
  );
  return ways.find((way) => titles[way] === pressed);
}
