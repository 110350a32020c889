import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { parsedSources } from '../../support/l10n/sources.ts';
import { untaggedTexts } from '../../support/l10n/untaggedTexts.ts';

/**
 * What is not translated, by reason and source: texts that are read by programs, agents and developers alone, or names. `*`
 * stands for all texts of a source.
 */
type Exceptions = Readonly<Record<string, Readonly<Record<string, readonly string[] | '*'>>>>;

/** What VS Code never shows: the command line and the tools for agents are in English. */
const english = /^src\/(?:commandLine|node\/agentTools)\/|^src\/(?:cli|start)\.ts$/;

describe('texts that people read', () => {
  const path = new URL('exceptions.json', import.meta.url);
  const exceptions = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Exceptions);
  const found = [...parsedSources('src')]
    .filter(([source]) => !english.test(source))
    .flatMap(([source, parsed]) => untaggedTexts(parsed).map(({ text, line }) => ({ source, text, line })));

  it('are all tagged', () => {
    const excepts = (source: string, text: string): boolean =>
      exceptions.some((sources) => sources[source] === '*' || sources[source]?.includes(text) === true);
    const untagged = found
      .filter(({ source, text }) => !excepts(source, text))
      .map(({ source, text, line }) => `${source}:${line} ${text}`);
    assert.deepEqual(untagged, []);
  });

  it('are excepted only where they exist', () => {
    const needless = exceptions.flatMap((sources) =>
      Object.entries(sources).flatMap(([source, texts]) =>
        (texts === '*' ? [null] : texts)
          .filter(
            (text) => !found.some((each) => each.source === source && (text === null || each.text === text)),
          )
          .map((text) => `${source} ${text ?? '*'}`),
      ),
    );
    assert.deepEqual(needless, []);
  });
});
