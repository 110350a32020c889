/**
 * Translated texts by their English ones, in which placeholders are numbered (`{0} of {1}`): the format of VS Code's
 * `bundle.l10n.<language>.json`.
 */
export type Translations = Readonly<Record<string, string>>;

/** What may stand in a text. */
type Shown = string | number | boolean;

type Translate = (strings: TemplateStringsArray, ...values: readonly Shown[]) => string;

/** Of the whole thread: bundles that are loaded by themselves have modules of their own. */
const shared = globalThis as { autopackHygieneTranslations?: () => Translations | null };

/** Gives this thread the translations to use, which are asked for with each text; without any, texts are English. */
export function provideTranslations(current: () => Translations | null): void {
  shared.autopackHygieneTranslations = current;
}

/** Makes texts that programs read: they are in English. At once, so that nothing else that is under way sees it. */
export function untranslated<Result>(make: () => Result): Result {
  const current = shared.autopackHygieneTranslations;
  provideTranslations(() => null);
  try {
    return make();
  } finally {
    provideTranslations(current ?? (() => null));
  }
}

/** The translations in use; `null` where texts are English. */
export function currentTranslations(): Translations | null {
  return shared.autopackHygieneTranslations?.() ?? null;
}

/**
 * A text that people read, in their language: t`Delete ${path}?`. Its English form is its key. It is looked up when it is
 * evaluated, so that it has to stand inside a function.
 */
export const t: Translate = (strings, ...values) => translate(keyOf(strings), values);

/** A text whose translation depends on where it stands: contextual('verb')`Drain`. Its key is `Drain/verb`. */
export function contextual(context: string): Translate {
  return (strings, ...values) => translate(keyOf(strings), values, `/${context}`);
}

/** The text by its English form with numbered placeholders, for forms that are put together: prefer {@link t}. */
export function translate(english: string, values: readonly Shown[], context = ''): string {
  const key = `${english}${context}`;
  const translations = currentTranslations();
  const found = translations !== null && Object.hasOwn(translations, key) ? translations[key] : undefined;
  return (found ?? english).replaceAll(/\{(\d+)\}/g, (placeholder, index: string) =>
    String(values[Number(index)] ?? placeholder),
  );
}

function keyOf(strings: TemplateStringsArray): string {
  return strings.reduce((key, part, index) => `${key}{${index - 1}}${part}`);
}
