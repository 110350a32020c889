import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { Estimator } from '../../core/telemetry/estimator/estimator.ts';
import { t } from '../../core/text/l10n.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import { safeWindow } from '../window/safeWindow.ts';

const storageKey = 'estimator';
/** More files of that name are no choice any more. */
const mostOffered = 20;

/** The file with the coefficients in use, as a person chose it for this workspace. */
export class ChosenEstimator {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Absolute; `null` where Autopack's own coefficients are taken. */
  get path(): string | null {
    return this.#memento.get<string>(storageKey) ?? null;
  }

  /** Reads the chosen file. Throws `unreadable` or `no-permission`, and `not-found` with what to do about it. */
  async read(): Promise<Estimator> {
    const path = this.path ?? '';
    try {
      const { readEstimator } = await import('../../node/telemetry/calibrationFiles.ts');
      return await readEstimator(path);
    } catch (error) {
      if (!(error instanceof UserFacingError) || error.code !== 'not-found') throw error;
      const message = t`The estimator file no longer exists: ${path}.`;
      throw new UserFacingError('not-found', message, t`Choose the estimator again.`, { cause: error });
    }
  }

  /** Asks for the file and keeps it once it was read; `undefined` for none. */
  async ask(): Promise<string | undefined> {
    const path = await pickFile(await offers());
    if (path === undefined) return undefined;
    const { readEstimator } = await import('../../node/telemetry/calibrationFiles.ts');
    await readEstimator(path);
    await this.#memento.update(storageKey, path);
    return path;
  }

  /** Asks for a file or Autopack's own coefficients; resolves to whether there was an answer. */
  async choose(): Promise<boolean> {
    const own = { label: t`Autopack's own coefficients`, description: t`built into Autopack` };
    const file = { label: t`A file…`, description: t`JSON, as examples/executor/estimator.json` };
    const picked = await safeWindow.showQuickPick([own, file], {
      title: t`Estimator`,
      placeHolder: t`Which coefficients are in use?`,
    });
    if (picked === file) return (await this.ask()) !== undefined;
    if (picked === own) await this.#memento.update(storageKey, undefined);
    return picked !== undefined;
  }
}

async function offers(): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles('**/*estimator*.json', undefined, mostOffered);
  return found.filter(({ scheme }) => scheme === 'file');
}

async function pickFile(found: readonly vscode.Uri[]): Promise<string | undefined> {
  const other = { label: t`Another File…`, path: undefined };
  const items = found.map(({ fsPath }) => ({ label: vscode.workspace.asRelativePath(fsPath), path: fsPath }));
  if (items.length > 0) {
    const title = t`Estimator's File`;
    const placeHolder = t`Which file holds the coefficients in use?`;
    const picked = await safeWindow.showQuickPick([...items, other], { title, placeHolder });
    if (picked !== other) return picked?.path;
  }
  const folder = localFolders()[0]?.uri;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: t`Estimator's File`,
      openLabel: t`Use`,
      filters: { JSON: ['json'] },
      ...(folder === undefined ? {} : { defaultUri: folder }),
    })) ?? [];
  return file?.fsPath;
}
