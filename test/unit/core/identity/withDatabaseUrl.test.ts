import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dotenvValues, withDatabaseUrl, withoutVariable } from '../../../../src/core/identity/dotenvFile.ts';

const url = 'sqlite:////new.db';

/** A text, and what the fix makes of it; `null` where nothing is to be changed. */
const cases: readonly (readonly [what: string, before: string, after: string | null])[] = [
  [
    'the value alone is replaced',
    '# A\nexport DATABASE_URL = sqlite:///old.db # old\nX=1\n',
    '# A\nexport DATABASE_URL=sqlite:////new.db # old\nX=1\n',
  ],
  [
    'of several, the one that counts',
    'DATABASE_URL=a\nDATABASE_URL=b',
    'DATABASE_URL=a\nDATABASE_URL=sqlite:////new.db',
  ],
  ['a right line stays', `X=1\nDATABASE_URL="${url}"\n`, null],
  ['a right line that is put together stays', 'DIR=/new\nDATABASE_URL=sqlite:///${DIR}.db # ours\n', null],
  [
    'a right line stays, and a wrong one behind it goes',
    `DATABASE_URL=${url}\nDATABASE_URL=b\n`,
    `DATABASE_URL=${url}\n# DATABASE_URL=b\n`,
  ],
  [
    'so does one of several lines',
    `DATABASE_URL=${url}\nexport DATABASE_URL="a\r\nb" # c\n`,
    `DATABASE_URL=${url}\n# export DATABASE_URL="a\r\n# b" # c\n`,
  ],
  [
    'a line inside another value is none',
    'NOTE="\nDATABASE_URL=inside\n"\n',
    `NOTE="\nDATABASE_URL=inside\n"\nDATABASE_URL=${url}\n`,
  ],
  ['a comment is none', '# DATABASE_URL=old\n', `# DATABASE_URL=old\nDATABASE_URL=${url}\n`],
  [
    'a name behind a byte order mark is another',
    '\ufeffDATABASE_URL=old',
    `\ufeffDATABASE_URL=old\nDATABASE_URL=${url}\n`,
  ],
  ['a colon assigns nothing', 'DATABASE_URL: old\n', `DATABASE_URL: old\nDATABASE_URL=${url}\n`],
  ['an unclosed quote assigns nothing', "DATABASE_URL='old\n", `DATABASE_URL='old\nDATABASE_URL=${url}\n`],
  ['a quoted name is the same', "'DATABASE_URL'=old\n", `DATABASE_URL=${url}\n`],
  ['a name without a value gets one', 'DATABASE_URL\n', `DATABASE_URL=${url}\n`],
  ['a multi-line value goes whole', 'DATABASE_URL="a\nb"\nX=1\n', `DATABASE_URL=${url}\nX=1\n`],
  [
    'another name is left alone',
    'DATABASE_URL_FILE=x\nMY_DATABASE_URL=y\n',
    `DATABASE_URL_FILE=x\nMY_DATABASE_URL=y\nDATABASE_URL=${url}\n`,
  ],
  ['line breaks stay what they are', 'X=1\r\n', `X=1\r\nDATABASE_URL=${url}\r\n`],
  ['a last line without a break gets one', 'X=1', `X=1\nDATABASE_URL=${url}\n`],
  ['an empty file', '', `DATABASE_URL=${url}\n`],
];

describe('withDatabaseUrl', () => {
  for (const [what, before, after] of cases) {
    it(what, () => {
      const text = withDatabaseUrl(before, url);
      assert.equal(text, after ?? before);
      assert.equal(dotenvValues(text, {}).get('DATABASE_URL'), url);
    });
  }

  it('leaves a line that leads to the file under another name', () => {
    const before = 'DATABASE_URL=sqlite:///seed.db\n';
    const isRight = (each: string): boolean => each === 'sqlite:///seed.db';
    assert.equal(withDatabaseUrl(before, url, { environment: {}, isRight }), before);
  });

  it('is read back as what was written, whatever the file is called and whatever stood there', () => {
    const units = ['a', ' ', '#', '$', '{', '}', '"', "'", '`', '\\', 'ü', '=', ':-', '\n', 'DATABASE_URL='];
    const texts = fc.string({ unit: fc.constantFrom(...units) });
    fc.assert(
      fc.property(texts, texts, (name, before) => {
        const wanted = `sqlite:////data/${name}.db`;
        const after = withDatabaseUrl(`${before}\n`, wanted);
        assert.equal(dotenvValues(after, {}).get('DATABASE_URL'), wanted);
        assert.equal(withDatabaseUrl(after, wanted), after);
      }),
    );
  });
});

describe('withoutVariable', () => {
  it('makes comments of every line that sets it, and leaves all else', () => {
    const before =
      'DATABASE_URL_FILE=/run/a\nX="\nDATABASE_URL_FILE=in"\n  export DATABASE_URL_FILE="a\nb"\nY=1';
    const after =
      '# DATABASE_URL_FILE=/run/a\nX="\nDATABASE_URL_FILE=in"\n#   export DATABASE_URL_FILE="a\n# b"\nY=1';
    assert.equal(withoutVariable(before, 'DATABASE_URL_FILE'), after);
  });
});
