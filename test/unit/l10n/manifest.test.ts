import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { manifestTexts, referredTitles } from '../../support/l10n/manifestTexts.ts';

const { english, german } = manifestTexts;
/** What German says in the same way. */
const same = new Set(['displayName', 'mcp.label']);

/** Links, code and icons, which are the same in every language. */
const fixed = (text: string): string[] =>
  [...text.matchAll(/\(command:[\w.]+\)|`[^`]*`|\$\([\w-]+\)/g)].map(([each]) => each).sort();

describe('the German texts of the manifest', () => {
  it('are complete, in the order of the English ones', () => {
    assert.deepEqual(Object.keys(german), Object.keys(english));
  });

  it('are no English', () => {
    const untranslated = Object.keys(english).filter((key) => english[key] === german[key] && !same.has(key));
    assert.deepEqual(untranslated, []);
  });

  it('have the links, the code and the lines of the English ones', () => {
    for (const [key, text] of Object.entries(english)) {
      const translation = german[key] ?? '';
      assert.deepEqual(fixed(translation), fixed(text), key);
      assert.equal(translation.split('\n').length, text.split('\n').length, key);
    }
  });

  it('name commands as the menus do', () => {
    for (const [key, text] of Object.entries(english).filter(([name]) => !name.startsWith('tool.'))) {
      for (const title of referredTitles(text)) assert.ok(german[key]?.includes(title), `${key}: ${title}`);
    }
  });
});
