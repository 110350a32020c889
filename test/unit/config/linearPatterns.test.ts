import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { codePatterns } from '../../../src/core/failures/fingerprint.ts';
import { errorMasks } from '../../../src/core/failures/errorMasks.ts';
import { failurePatterns } from '../../../src/core/failures/failureKind.ts';
import { markdownPatterns } from '../../../src/core/text/markdown.ts';
import { superlinearPiece } from '../../support/growth.ts';

const source = join(import.meta.dirname, '../../../src');

/** A pattern is superlinear by what it repeats without a bound only. */
const repeats = /[*+]|\{\d+,\}/;

/** Every regular expression that stands in the source as a literal and repeats something, with where it stands. */
function literals(): { where: string; pattern: RegExp }[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const all = files.flatMap((name) => {
    const text = readFileSync(join(source, name), 'utf8');
    const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false);
    const found: { where: string; pattern: RegExp }[] = [];
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
        const literal = node.getText(tree);
        const end = literal.lastIndexOf('/');
        const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
        const pattern = new RegExp(literal.slice(1, end), literal.slice(end + 1));
        found.push({ where: `${name}:${line} ${literal}`, pattern });
      }
      node.forEachChild(visit);
    };
    visit(tree);
    return found;
  });
  const distinct = new Map(all.map((literal) => [String(literal.pattern), literal]));
  return [...distinct.values()].filter(({ pattern }) => repeats.test(pattern.source));
}

function applied(pattern: RegExp): (text: string) => unknown {
  return pattern.global ? (text) => text.replace(pattern, '') : (text) => pattern.test(text);
}

describe('regular expressions', function () {
  this.timeout(240_000);

  it('take four times the work for four times the text, wherever they stand in the source', () => {
    const slow = literals().flatMap(({ where, pattern }) => {
      const on = superlinearPiece(applied(pattern));
      return on === null ? [] : [`${where} on ${JSON.stringify(on)}`];
    });
    assert.deepEqual(slow, []);
  });

  it('do so where they are put together, too', () => {
    const masks = errorMasks.map(({ pattern }) => pattern);
    for (const pattern of [...masks, ...failurePatterns, ...codePatterns, ...markdownPatterns]) {
      assert.equal(superlinearPiece(applied(pattern)), null, pattern.source);
    }
  });

  it('are known to be slow by the measure where they are', () => {
    const heads = new RegExp(String.raw`^(\s*)([-+=#])`, 'gm');
    assert.equal(
      superlinearPiece((text) => text.replace(heads, ''), ['\n', 'a']),
      '\n',
    );
    const ends = new RegExp(String.raw`\s+$`);
    assert.equal(
      superlinearPiece((text) => ends.test(text), [' ', 'a']),
      ' ',
    );
  });
});
