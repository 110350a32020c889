import english from '../../../package.nls.json' with { type: 'json' };
import translated from '../../../package.nls.de.json' with { type: 'json' };

/** The texts of the manifest by their keys, in English and in German. */
export const manifestTexts: Readonly<Record<'english' | 'german', Readonly<Record<string, string>>>> = {
  english,
  german: translated,
};

/** The German titles of the commands that an English text refers to (`Autopack: Show Log`), as they are to be in its translation. */
export function referredTitles(text: string): string[] {
  const titles = Object.entries(manifestTexts.english).filter(([key]) => key.startsWith('command.'));
  return titles
    .filter(([, title]) => refersTo(text, title))
    .map(([key]) => `Autopack: ${manifestTexts.german[key] ?? key}`);
}

/** Not where another title begins with it. */
function refersTo(text: string, title: string): boolean {
  const [, ...rests] = text.split(`Autopack: ${title}`);
  return rests.some((rest) => !/^ ?\p{Lu}/u.test(rest));
}
