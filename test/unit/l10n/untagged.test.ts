import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { parsedSources } from '../../support/l10n/sources.ts';
import { untaggedTexts } from '../../support/l10n/untaggedTexts.ts';

/**
 * What is not translated, by folder, reason and source: texts that are read by programs, agents and developers alone, or
 * names. `*` stands for all texts of a source.
 */
type Exceptions = Readonly<Record<string, Readonly<Record<string, readonly string[] | '*'>>>>;

const folder = new URL('./exceptions/', import.meta.url);

describe('texts that people read', () => {
  for (const file of readdirSync(folder)) {
    const root = `src/${file.replace(/\.json$/, '').replaceAll('.', '/')}`;
    const exceptions = Object.values(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Exceptions);
    const found = [...parsedSources(root)].flatMap(([path, source]) =>
      untaggedTexts(source).map(({ text, line }) => ({ path, text, line })),
    );
    const excepts = (path: string, text: string): boolean =>
      exceptions.some((sources) => sources[path] === '*' || sources[path]?.includes(text) === true);

    it(`are all tagged in ${root}`, () => {
      const untagged = found
        .filter(({ path, text }) => !excepts(path, text))
        .map(({ path, text, line }) => `${path}:${line} ${text}`);
      assert.deepEqual(untagged, []);
    });

    it(`are excepted in ${root} only where they exist`, () => {
      const needless = exceptions.flatMap((sources) =>
        Object.entries(sources).flatMap(([path, texts]) =>
          (texts === '*' ? [null] : texts)
            .filter(
              (text) => !found.some((each) => each.path === path && (text === null || each.text === text)),
            )
            .map((text) => `${path} ${text ?? '*'}`),
        ),
      );
      assert.deepEqual(needless, []);
    });
  }
});
