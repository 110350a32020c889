import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { codeBlock, escapeMarkdown, factList, inlineCode } from '../../../../src/core/text/markdown.ts';

describe('Markdown text', () => {
  it('shows text of a database as it is: no link, no image, no heading, no HTML', () => {
    assert.equal(escapeMarkdown('[x](command:y)'), String.raw`\[x\](command:y)`);
    assert.equal(escapeMarkdown('a_b_c _d_'), String.raw`a_b_c \_d\_`);
    assert.equal(escapeMarkdown('$(error)'), String.raw`\$(error)`);
    assert.equal(escapeMarkdown('<img src=x>'), String.raw`\<img src=x\>`);
    for (const [text, shown] of [
      ['# a', '\\# a'],
      ['- b', '\\- b'],
      ['1. c', '\\1. c'],
    ] as const) {
      assert.equal(escapeMarkdown(text), shown);
    }
  });

  it('keeps code in its fence whatever back-ticks it holds', () => {
    assert.equal(inlineCode('a'), '`a`');
    assert.equal(inlineCode('a `b` c'), '`` a `b` c ``');
    assert.equal(inlineCode('two\nlines'), '`two\\nlines`');
    assert.equal(codeBlock('```\nx\n```'), '````text\n```\nx\n```\n````');
  });

  it('leaves out facts without a value', () => {
    assert.equal(
      factList([
        ['A', '1'],
        ['B', null],
      ]),
      '- **A**: 1',
    );
  });
});
