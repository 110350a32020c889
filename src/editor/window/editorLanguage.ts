import * as vscode from 'vscode';
import { useTranslations } from '../../node/system/translations.ts';
import { editorTexts } from './editorTexts.ts';

/** Shows texts as VS Code has them and in its language, if there is a translation: here, and in what is started from here. */
export function useEditorLanguage(extensionUri: vscode.Uri): void {
  const { uri } = vscode.l10n;
  const file =
    uri?.scheme === 'file' ? uri : vscode.Uri.joinPath(extensionUri, 'media/l10n/bundle.l10n.en.json');
  useTranslations(editorTexts(), file.fsPath);
}
