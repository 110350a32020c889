/**
 * Under LANG=C, Chromium reports the language `en-US@posix`, which no Intl function accepts: the chart library, which
 * formats numbers in it while it loads, would leave the page blank. Imported for its effect, before that library.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
export {};
