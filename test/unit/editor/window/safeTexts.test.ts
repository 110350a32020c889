import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  codeBlock,
  escapeMarkdown,
  escapeMarkdownLines,
  inlineCode,
  plainMarkdown,
} from '../../../../src/core/text/markdown.ts';
import {
  cutStart,
  cutText,
  joinLines,
  printable,
  printableLines,
  stripAnsi,
} from '../../../../src/core/text/printable.ts';
import { stateCountsLabel, stateLabel } from '../../../../src/editor/window/labels.ts';
import {
  type RowTexts,
  safeInputBox,
  safePickItem,
  safeTreeItem,
} from '../../../../src/editor/window/safeTreeItem.ts';
import { hostileText, unsafeCharacter } from '../../../support/hostileTexts.ts';

describe('foreign text in the editor', () => {
  it('shows what does not show as escapes, and everything else as it is', () => {
    assert.equal(printable('a\u001b[31m\u202eb\n\u200b'), String.raw`a\x1b[31m\u202eb\n\u200b`);
    assert.equal(printable('\u{e0041}\ud800'), String.raw`\u{e0041}\ud800`);
    assert.equal(printable('Größe 漢字 ✅️ עברית'), 'Größe 漢字 ✅️ עברית');
    // Marks that pile up on one letter cover the lines above it.
    assert.equal(printable(`a${'\u0301'.repeat(10)}b`), `a${'\u0301'.repeat(8)}${String.raw`\u0301\u0301`}b`);
    assert.equal(printable('हिन्दी שָׁלוֹם tiếng กรุ๊ง'), 'हिन्दी שָׁלוֹם tiếng กรุ๊ง');
    assert.equal(printableLines('a\r\nb\tc\rd'), 'a\nb c\\rd');
  });

  it('hides what is secret, also where the text is cut within it', () => {
    const url = 'http://user:hunter2@host/?token=hunter2';
    for (const show of [printable, printableLines]) {
      assert.equal(show(`at ${url}`), 'at http://user:***@host/?token=***');
      for (let length = 1; length < 60; length += 1) assert.doesNotMatch(show(`at ${url}`, length), /hunt/);
    }
    const item = safeTreeItem({ label: url, description: url, tooltip: url });
    assert.doesNotMatch(JSON.stringify(item), /hunter2/);
  });

  it('cuts before anything else, and no character in half', () => {
    assert.equal(printable('\n'.repeat(1_000_000), 4), String.raw`\n\n\n…`);
    assert.equal(cutText('ab😀', 3), 'ab…');
    assert.equal(cutStart('😀ab', 4), '😀ab');
    assert.equal(cutStart('x😀ab', 4), '…ab');
  });

  it('is read without its colors, whole or cut off, raw or quoted', () => {
    for (const colored of [
      '\u001b[1;31mE\u001b[0m',
      '\u009b31mE',
      '\\x1b[31mE',
      '^[[31mE',
      '\u001b]0;t\u0007E',
    ]) {
      assert.equal(stripAnsi(colored), 'E');
    }
  });

  const shown: Readonly<Record<string, (text: string) => string>> = {
    escapeMarkdown,
    escapeMarkdownLines,
    inlineCode,
    codeBlock,
    plainMarkdown,
    stateLabel,
    stateCountsLabel: (text) => stateCountsLabel({ [text]: 1 }),
  };
  for (const [name, show] of Object.entries(shown)) {
    it(`lets nothing planted through: ${name}`, () => {
      const text = show(hostileText);
      assert.doesNotMatch(text, unsafeCharacter);
      assert.ok(show(hostileText.repeat(10_000)).length < 100_000);
    });
  }

  it('starts no line of its own among others', () => {
    const text = joinLines(['2 phases', `of ${hostileText}`, 'A backup is made first.']);
    assert.equal(text.split('\n').length, 3);
    assert.doesNotMatch(text, unsafeCharacter);
  });

  it('lets nothing planted into what asks for a text, and keeps the text that is to be changed', () => {
    const { title, prompt, placeHolder, value } = safeInputBox({
      title: hostileText,
      prompt: hostileText,
      placeHolder: hostileText,
      value: hostileText,
    });
    for (const shownText of [title, prompt, placeHolder]) {
      assert.doesNotMatch(shownText, unsafeCharacter);
      assert.equal(shownText.includes('\n'), false);
    }
    assert.equal(value, hostileText);
  });

  it('is nobody else’s state', () => {
    assert.equal(stateLabel('constructor'), 'constructor');
    assert.equal(stateLabel('__proto__'), '__proto__');
  });

  it('lets nothing planted into rows and lists', () => {
    // Only what the function reads of a row.
    const row: RowTexts = {
      label: hostileText,
      description: hostileText,
      tooltip: hostileText,
      accessibilityInformation: { label: hostileText },
    };
    const texts = [safeTreeItem(row), safeTreeItem<RowTexts>({ label: { label: hostileText } })].flatMap(
      ({ label, description, accessibilityInformation }) => [label, description, accessibilityInformation],
    );
    const item = safePickItem({ label: hostileText, description: hostileText, detail: hostileText });
    for (const text of [...texts, ...Object.values(item)]) {
      const said = typeof text === 'object' ? text.label : String(text);
      assert.doesNotMatch(said, unsafeCharacter);
      assert.ok(!said.includes('\n'));
    }
    assert.doesNotMatch(typeof row.tooltip === 'string' ? row.tooltip : '\u001b', unsafeCharacter);
  });
});
