import assert from 'node:assert/strict';
import { fileLinks } from '../../../../src/core/builders/markdownLinks.ts';

const targets = (markdown: string): string[] => fileLinks(markdown).map(({ target }) => target);

describe('The links of a Markdown text', () => {
  it('are those that lead to files', () => {
    assert.deepEqual(targets('[a](b.md) ![c](d/e.png "title") [f](<g h.md>) [i](j_(k).md) [l](m%20n.md#o)'), [
      'b.md',
      'd/e.png',
      'g h.md',
      'j_(k).md',
      'm n.md',
    ]);
    assert.deepEqual(targets('[a]: b.md\n   [c]: <d e.md> "title"\n'), ['b.md', 'd e.md']);
  });

  it('are none of the web, of the text itself, or in code', () => {
    assert.deepEqual(
      targets('[a](https://x.org) [b](mailto:a@b.c) [c](#d) [e](//x.org) `[f](g.md)` ``[h](`i.md)``'),
      [],
    );
    assert.deepEqual(targets('```md\n[a](b.md)\n```\n~~~~\n[c](d.md)\n~~~\n[e](f.md)\n~~~~\n[g](h.md)\n'), [
      'h.md',
    ]);
  });

  it('are named with their lines', () => {
    assert.deepEqual(fileLinks('x\n\n[a](b.md)\n'), [{ target: 'b.md', line: 3 }]);
  });

  it('are found in no time in what is made to be slow', () => {
    for (const piece of ['[', '](', '[a](', '`', '``', '[a]: ', '~~~', '<', ' \n', '[a](b)']) {
      const begun = performance.now();
      fileLinks(piece.repeat((2 << 20) / piece.length));
      assert.ok(performance.now() - begun < 2000, piece);
    }
  });
});
