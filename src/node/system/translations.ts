import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { currentTranslations, provideTranslations, type Translations } from '../../core/text/l10n.ts';

const englishWork = new AsyncLocalStorage<true>();
const argument = '--translations=';
/** Absolute. */
let file: string | null = null;

/** Shows texts in a language from now on; `path` (absolute) names the file for what is started by this process, if there is one. */
export function useTranslations(translations: Translations, path: string | null): void {
  file = path;
  provideTranslations(() => (englishWork.getStore() === true ? null : translations));
}

/** Does work whose texts are for programs and agents: they are English, whatever people read. */
export function inEnglish<Result>(work: () => Result): Result {
  return englishWork.run(true, work);
}

/** Does work that shows people something, begun by what is done in English. */
export function inLanguageOfPeople<Result>(work: () => Result): Result {
  return englishWork.exit(work);
}

/** What to start a process of ours with, so that it has the language of the work at hand. */
export function translationArguments(): string[] {
  return currentTranslations() === null ? [] : threadTranslationArguments();
}

/** What to start a thread of ours with, which is told with each question whether its answer is to be in English. */
export function threadTranslationArguments(): string[] {
  return file === null ? [] : [`${argument}${file}`];
}

/** Takes the language over from whoever started this thread or process. */
export function inheritTranslations(): void {
  const path = process.argv.find((each) => each.startsWith(argument))?.slice(argument.length);
  if (path === undefined) return;
  try {
    useTranslations(JSON.parse(readFileSync(path, 'utf8')) as Translations, path);
  } catch {
    // An update of the extension has taken the file away. English is better than nothing.
  }
}
