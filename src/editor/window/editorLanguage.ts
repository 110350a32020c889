import * as vscode from 'vscode';
import { useTranslations } from '../../node/system/translations.ts';

/** Shows texts in the language of VS Code, if there is a translation: here, and in what is started from here. */
export function useEditorLanguage(): void {
  const { bundle, uri } = vscode.l10n;
  if (bundle !== undefined) useTranslations(bundle, uri?.scheme === 'file' ? uri.fsPath : null);
}
