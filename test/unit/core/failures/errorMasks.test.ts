import assert from 'node:assert/strict';
import { errorMasks, errorMaskVersion } from '../../../../src/core/failures/errorMasks.ts';

/** What of a pattern's source is not escaped and not in a class: only there do brackets and quantifiers mean something. */
function skeleton(source: string): string {
  return source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
}

describe('errorMasks', () => {
  it('have a version that can stand in a fingerprint', () => {
    assert.match(errorMaskVersion, /^h\d+$/);
  });

  it('have names of their own', () => {
    assert.equal(new Set(errorMasks.map(({ name }) => name)).size, errorMasks.length);
  });

  for (const { name, why, example, pattern, replacement } of errorMasks) {
    describe(name, () => {
      const [text, masked] = example;

      it('do to their example what they say', () => {
        assert.equal(text.replace(pattern, replacement), masked);
        assert.notEqual(why, '');
      });

      it('change all there is, in any order of calls', () => {
        assert.ok(pattern.global && !pattern.sticky);
        assert.equal(`${text} ${text}`.replace(pattern, replacement), `${masked} ${masked}`);
      });

      it('leave what stands in place of values alone', () => {
        for (const kind of ['id', 'value', 'url', 'email', 'path', 'time', 'host', 'name', 'n']) {
          assert.equal(` <${kind}> `.replace(pattern, replacement), ` <${kind}> `);
        }
      });

      it('repeat nothing without bound inside what repeats without bound', () => {
        // (a+)+ is what makes a backtracking engine take exponential time.
        assert.doesNotMatch(skeleton(pattern.source), /[*+}][^()]*\)[*+]/);
      });
    });
  }
});
