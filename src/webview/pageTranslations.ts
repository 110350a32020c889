import { provideTranslations, type Translations } from '../core/text/l10n.ts';
import { translationsElementId } from '../protocol/telemetryPageHtml.ts';

/** Shows texts in the language of the editor, whose translations are in the page. */
export function usePageTranslations(): void {
  const given = document.getElementById(translationsElementId)?.textContent ?? 'null';
  const translations = JSON.parse(given) as Translations | null;
  provideTranslations(() => translations);
}
