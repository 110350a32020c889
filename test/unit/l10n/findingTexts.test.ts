import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import ts from 'typescript';
import { taggedTexts } from '../../support/l10n/taggedTexts.ts';
import { untaggedTexts } from '../../support/l10n/untaggedTexts.ts';

const imports = `import { t, contextual } from '../text/l10n.ts';\nimport { counted } from '../text/quantities.ts';\n`;
const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('a.ts', imports + text, ts.ScriptTarget.Latest, true);
const tagged = (text: string): string[] => taggedTexts(parse(text)).texts.map(({ key }) => key);
const untagged = (text: string): string[] => untaggedTexts(parse(text)).map((found) => found.text);

describe('finding tagged texts', () => {
  it('numbers placeholders, and adds contexts', () => {
    assert.deepEqual(tagged('t`Delete ${a} of ${b.c(1)}?`'), ['Delete {0} of {1}?']);
    assert.deepEqual(tagged("contextual('verb')`Drain`"), ['Drain/verb']);
    assert.deepEqual(tagged('t`a ${t`b`}`'), ['a {0}', 'b']);
  });

  it('finds both forms of a count', () => {
    assert.deepEqual(tagged("counted(n, 'run'); counted(n, 'retry', 'retries')"), [
      '{0} run',
      '{0} runs',
      '{0} retry',
      '{0} retries',
    ]);
    assert.deepEqual(taggedTexts(parse('counted(n, noun)')).unknownCounts, [3]);
  });

  it('tells texts that are evaluated with their module', () => {
    const early = (text: string): boolean[] => taggedTexts(parse(text)).texts.map((each) => each.isTooEarly);
    assert.deepEqual(early('const a = { b: t`c` };'), [true]);
    assert.deepEqual(early('class A { static b = t`c`; }'), [true]);
    assert.deepEqual(early('const a = () => ({ b: t`c` }); class A { b = t`c`; d() { return t`e`; } }'), [
      false,
      false,
      false,
    ]);
  });

  it('takes no t of others', () => {
    const source = ts.createSourceFile('a.ts', 't`Runs`', ts.ScriptTarget.Latest, true);
    assert.deepEqual(taggedTexts(source).texts, []);
  });
});

describe('finding texts that are not tagged', () => {
  it('finds sentences, labels and words beside placeholders', () => {
    assert.deepEqual(untagged("const a = 'Delete the run'; const b = `${n} of ${m}`; const c = 'Cancel';"), [
      'Delete the run',
      '{0} of {1}',
      'Cancel',
    ]);
    assert.deepEqual(untagged("throw new UserFacingError('x', 'Not found here.')"), ['Not found here.']);
  });

  it('leaves texts for machines and developers alone', () => {
    for (const text of [
      't`Delete the run`',
      "'run-id'",
      "'SELECT id FROM runs'",
      "throw new Error('This cannot be.')",
      "log.warn('Something is odd.')",
      "this.#log.error(a ? 'One is odd.' : 'Two are odd.')",
      "if (a === 'Not this one') b()",
      "counted(n, 'more phase')",
      '`${folder}/${name}.json`',
      "import a from './some file.ts'",
      "'PostgreSQL'",
    ])
      assert.deepEqual(untagged(text), [], text);
  });
});
