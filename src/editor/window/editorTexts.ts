import * as vscode from 'vscode';
import english from '../../../media/l10n/bundle.l10n.en.json' with { type: 'json' };
import type { Translations } from '../../core/text/l10n.ts';

/**
 * The texts of VS Code's language; where that is English, what the editor says in place of texts that name options of the
 * command line.
 */
export function editorTexts(): Translations {
  return vscode.l10n.bundle ?? english;
}
