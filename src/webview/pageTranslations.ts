import { provideTranslations, type Translations } from '../core/text/l10n.ts';

/** Shows texts in the language of the editor, whose translations the element of the page has; `null` where they are English. */
export function usePageTranslations({ dataset }: HTMLElement): void {
  const translations = JSON.parse(dataset.translations ?? 'null') as Translations | null;
  provideTranslations(() => translations);
}
