import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import bundle from '../../../media/l10n/bundle.l10n.de.json' with { type: 'json' };
import english from '../../../media/l10n/bundle.l10n.en.json' with { type: 'json' };
import { parsedSources } from '../../support/l10n/sources.ts';
import { taggedTexts } from '../../support/l10n/taggedTexts.ts';
import { referredTitles } from '../../support/l10n/manifestTexts.ts';

const german: Readonly<Record<string, string>> = bundle;
const sources = [...parsedSources('src')].map(([path, source]) => ({ path, ...taggedTexts(source) }));
const keys = new Set(sources.flatMap(({ texts }) => texts.map(({ key }) => key)));

/** What German says in the same way, besides texts that are mere signs and placeholders. */
const same: ReadonlySet<string> = new Set([
  ...[
    'Autopack',
    'Journal',
    'Name',
    'Phase',
    'Pooler',
    'Port',
    'Reasoning',
    'Schema',
    'Seed',
    'Server',
    'Status',
    'System',
    'Version',
  ],
  ...['{0} Phase', '{0} Cluster', '{0} Token', '{0} Worker', '{0} min', '{0} h', '{0} in {1}'],
]);

const placeholders = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([each]) => each).sort();
const withoutContext = (key: string): string => key.replace(/\/[a-z-]+$/, '');

describe('the German translation', () => {
  it('has every text of the sources', () => {
    assert.deepEqual(
      [...keys].filter((key) => (german[key] ?? '') === ''),
      [],
    );
  });

  it('has no text without a source', () => {
    assert.deepEqual(
      Object.keys(german).filter((key) => !keys.has(key)),
      [],
    );
  });

  it('is sorted', () => {
    assert.deepEqual(Object.keys(german), Object.keys(german).sort());
  });

  it('has the placeholders of each text, each as often, but where the editor needs fewer', () => {
    const different = Object.entries(german).filter(
      ([key, text]) => !(key in english) && placeholders(key).join() !== placeholders(text).join(),
    );
    assert.deepEqual(different, []);
  });

  it('begins and ends with the spaces and line breaks of each text', () => {
    const edges = (text: string): string => [/^\s*/, /\s*$/].map((edge) => edge.exec(text)?.[0]).join('|');
    const different = Object.entries(german).filter(
      ([key, text]) => text.trim() !== '' && edges(key) !== edges(text),
    );
    assert.deepEqual(different, []);
  });

  it('is no English', () => {
    const untranslated = Object.entries(german).filter(
      ([key, text]) =>
        withoutContext(key) === text && !same.has(text) && /\p{L}{2}/u.test(text.replaceAll(/\{\d+\}/g, '')),
    );
    assert.deepEqual(untranslated, []);
  });

  it('names commands as the German menus do', () => {
    for (const [key, text] of Object.entries(german)) {
      for (const title of referredTitles(key)) assert.ok(text.includes(title), `${key}: ${title}`);
    }
  });
});

describe('texts of the sources', () => {
  it('are looked up when they are shown, not when their module is loaded', () => {
    const early = sources.flatMap(({ path, texts }) =>
      texts.filter(({ isTooEarly }) => isTooEarly).map(({ key, line }) => `${path}:${line} ${key}`),
    );
    assert.deepEqual(early, []);
  });

  it('name what they count, so that its forms are found', () => {
    const unknown = sources.flatMap(({ path, unknownCounts }) =>
      unknownCounts.map((line) => `${path}:${line}`),
    );
    assert.deepEqual(
      unknown.filter((place) => !place.startsWith('src/commandLine/')),
      [],
    );
  });
});

/** Options and commands of the command line. */
const ofCommandLine = /(?<![\w-])--[a-z]|\b(?:doctor|stale|drain|backup|seed|calibrate) --|\bdoctor\b/;

describe('what the editor says', () => {
  it('has a text of the sources in place of each', () => {
    assert.deepEqual(
      Object.keys(english).filter((key) => !keys.has(key)),
      [],
    );
  });

  it('names no option of the command line, which the editor has buttons for', () => {
    const shown = [...keys].map((key) => (english as Readonly<Record<string, string>>)[key] ?? key);
    assert.deepEqual(
      [...shown, ...Object.values(german)].filter((text) => ofCommandLine.test(text)),
      [],
    );
  });
});
