import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatAnswer, parseAnswer, type AnsweredFile } from '../../../../src/core/builders/answerFormat.ts';
import { unsafeCharacter } from '../../../support/hostileTexts.ts';

const boundary = 'k3v9x2m7q4w8';
const one: AnsweredFile = { path: 'src/a.py', content: 'print("a")\n' };
const two: AnsweredFile = { path: 'docs/b.md', content: '# B\n\n```py\nprint("a")\n```\n' };

function filesOf(text: string, deliverables: readonly string[] = []): readonly AnsweredFile[] {
  const answer = parseAnswer(text, boundary, deliverables);
  if (answer.kind === 'unusable') assert.fail(answer.complaint);
  return answer.files;
}

function complaintOf(text: string, deliverables: readonly string[] = []): string {
  const answer = parseAnswer(text, boundary, deliverables);
  if (answer.kind === 'files') assert.fail(`understood: ${JSON.stringify(answer.files)}`);
  assert.match(answer.complaint, /^[^\n]+\.$/);
  assert.doesNotMatch(answer.complaint, unsafeCharacter);
  assert.ok(answer.complaint.length < 3000, 'short enough to be sent back');
  return answer.complaint;
}

describe('The format of an answer', () => {
  it('gives back every file as it was put in', () => {
    assert.deepEqual(filesOf(formatAnswer([one, two], boundary)), [one, two]);
  });

  it('keeps fences, other boundaries and whole answers of another request as content', () => {
    const content = `${formatAnswer([two], 'another0boundary')}\`\`\`\n@@@ END ${boundary.slice(1)} src/a.py\n\`\`\`\`\n`;
    assert.deepEqual(filesOf(formatAnswer([{ path: 'a.md', content }], boundary)), [
      { path: 'a.md', content },
    ]);
  });

  it('leaves line breaks, tabs and form feeds within a content as they are', () => {
    const content = '\uFEFFa\r\nb\r\n\n\tc\f\n\n';
    assert.equal(filesOf(formatAnswer([{ path: 'a', content }], boundary))[0]?.content, content);
  });

  it('understands lines of Windows and blank lines around the files', () => {
    const text = `\r\n${formatAnswer([one], boundary).replaceAll('\n', '\r\n')}\r\n  \n`;
    assert.deepEqual(filesOf(text), [{ path: one.path, content: 'print("a")\r\n' }]);
  });

  it('passes over what a model thinks at the head of its answer, drafts of files included', () => {
    const draft = formatAnswer([{ path: '.git/hooks/pre-commit', content: 'draft\n' }], boundary);
    assert.deepEqual(filesOf(`<think>\n${draft}</think>\n${formatAnswer([one], boundary)}`), [one]);
    assert.deepEqual(filesOf(`<thinking>no</thinking>${formatAnswer([one], boundary)}`), [one]);
    assert.match(complaintOf(`<think>for ever\n${formatAnswer([one], boundary)}`), /text outside/);
  });

  it('takes no boundary that could be guessed or repeated wrongly', () => {
    for (const unfit of ['', 'short', 'Has-Other.Characters', 'a'.repeat(65)]) {
      assert.throws(() => parseAnswer('', unfit), RangeError);
      assert.throws(() => formatAnswer([one], unfit), RangeError);
    }
  });

  const whole = formatAnswer([one, two], boundary);
  const unusable: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
    ['nothing', '', /has no files/],
    ['blank lines only', '\n \n', /has no files/],
    ['a DONE line only', `@@@ DONE ${boundary} 0\n`, /has no files/],
    ['an introduction', `Here are the files:\n${whole}`, /text outside of the files: "Here are the files:"/],
    ['a fence around all', `\`\`\`\n${whole}\`\`\`\n`, /text outside of the files: "```"/],
    ['text between two files', whole.replace('@@@ FILE k3v9x2m7q4w8 docs', 'Next:\n$&'), /"Next:"/],
    ['text behind the end', `${whole}Done!\n`, /text behind the last line: "Done!"/],
    ['a second answer behind the end', whole + whole, /text behind the last line/],
    ['no DONE line', whole.replace(/@@@ DONE.*\n/, ''), /ends without the line "@@@ DONE k3v9x2m7q4w8 2"/],
    ['the wrong number', whole.replace(' 2\n', ' 3\n'), /says "3", but the answer has 2 files/],
    ['no end of a file', whole.replace(`@@@ END ${boundary} src/a.py\n`, ''), /"src\/a.py" has no line/],
    ['no end of the last file', whole.replace(/@@@ END \w+ docs\/b.md\n/, ''), /"docs\/b.md" has no line/],
    [
      'an end that names another file',
      whole.replace('END k3v9x2m7q4w8 src/a.py', 'END k3v9x2m7q4w8 src/z.py'),
      /must name the same file/,
    ],
    [
      'an end with something behind it',
      whole.replace('END k3v9x2m7q4w8 src/a.py', '$& '),
      /nothing behind the name/,
    ],
    ['an end that is indented', whole.replace('@@@ END k3v9x2m7q4w8 src', ' $&'), /holds the boundary/],
    [
      'an end without a file begun',
      whole.replace(/@@@ FILE \w+ src\/a.py\nprint.*\n/, ''),
      /ends a file that was not begun/,
    ],
    ['the boundary in a content', whole.replace('# B', `# ${boundary}`), /holds the boundary/],
    ['another boundary', formatAnswer([one], 'another0boundary'), /has not the boundary of this request/],
    ['no boundary', '@@@ FILE src/a.py\nx\n@@@ END src/a.py\n', /has not the boundary of this request/],
    ['no path', `@@@ FILE ${boundary} \nx\n@@@ END ${boundary} \n@@@ DONE ${boundary} 1\n`, /names no file/],
    ['a file twice', formatAnswer([one, one], boundary), /is given twice/],
    [
      'twins of letter case',
      formatAnswer([one, { ...one, path: 'SRC/A.py' }], boundary),
      /one file on some disks/,
    ],
    ['an empty file', formatAnswer([{ ...one, content: '' }], boundary), /"src\/a.py" is empty/],
    ['a blank file', formatAnswer([{ ...one, content: ' \n\t\n' }], boundary), /"src\/a.py" is empty/],
    [
      'a fence around a file of code',
      formatAnswer([{ ...one, content: '```python\nprint()\n```\n' }], boundary),
      /code fence/,
    ],
    [
      'NUL',
      formatAnswer([{ ...one, content: 'a\nb\0\n' }], boundary),
      /Line 2 of "src\/a.py" holds the character "\\x00"/,
    ],
    [
      'an escape sequence',
      formatAnswer([{ ...one, content: '\u001b[2J\n' }], boundary),
      /holds the character "\\x1b"/,
    ],
    [
      'an override of direction',
      formatAnswer([{ ...one, content: 'x = "\u202e"\n' }], boundary),
      /holds the character "\\u202e"/,
    ],
    [
      'hidden tags',
      formatAnswer([{ ...one, content: 'x\u{e0041}\n' }], boundary),
      /holds the character "\\u\{e0041\}"/,
    ],
    [
      'half of a pair',
      formatAnswer([{ ...one, content: 'x\ud800\n' }], boundary),
      /holds the character "\\ud800"/,
    ],
    [
      'a path that does not show',
      formatAnswer(
        [
          { ...one, path: 'a\u202eb' },
          { ...one, path: 'a\u202eb' },
        ],
        boundary,
      ),
      /"a\\u202eb" is given twice/,
    ],
  ];
  for (const [what, text, complaint] of unusable) {
    it(`refuses ${what}`, () => {
      assert.match(complaintOf(text), complaint);
    });
  }

  it('names what is missing, and at most ten of it', () => {
    assert.match(
      complaintOf(formatAnswer([one], boundary), ['src/a.py', 'docs/b.md']),
      /lacks "docs\/b.md"\./,
    );
    const many = Array.from({ length: 500 }, (_, index) => `f${index}`);
    assert.match(complaintOf(formatAnswer([one], boundary), many), /"f9" and 490 more/);
    assert.deepEqual(filesOf(formatAnswer([one], boundary), ['./src/a.py']), [one]);
  });

  it('refuses an answer cut anywhere', () => {
    for (let length = 0; length < whole.length - 1; length += 1) complaintOf(whole.slice(0, length));
  });

  it('gives back any files that can be written', () => {
    const content = fc
      .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 60 })
      .map((codes) => String.fromCodePoint(...codes))
      .map((text) => `x${text.replace(/[^\P{C}\n\t]|`/gu, '')}\n`);
    const path = fc.stringMatching(/^[a-z]{1,8}(?:\/[a-z]{1,8}){0,3}\.[a-z]{1,3}$/);
    const files = fc.uniqueArray(fc.record({ path, content }, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 5,
      selector: (file) => file.path,
    });
    fc.assert(fc.property(files, (each) => assert.deepEqual(filesOf(formatAnswer(each, boundary)), each)));
  });

  it('never gives anything but whole files or a complaint, whatever is changed', () => {
    const edit = fc.record({
      at: fc.nat(whole.length),
      length: fc.nat(40),
      put: fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom(boundary, '@@@ ', '\n', ` END ${boundary} `),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (so, { at, length, put }) => so.slice(0, at) + put + so.slice(at + length),
          whole,
        );
        const answer = parseAnswer(text, boundary);
        if (answer.kind === 'unusable') complaintOf(text);
        else
          for (const file of answer.files)
            assert.ok(text.includes(`\n${file.content}@@@ END ${boundary} ${file.path}`));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes answers of many MB in no time, whatever they are made of', () => {
    const pieces = [
      'a',
      '\n',
      ' ',
      '@@@ ',
      `@@@ FILE ${boundary} a\n`,
      `@@@ END ${boundary} a\n`,
      boundary,
      '\r',
      '<think>',
      '\0',
    ];
    for (const piece of pieces) {
      const begun = performance.now();
      const text = `@@@ FILE ${boundary} a\n${piece.repeat((8 << 20) / piece.length - 10)}`;
      complaintOf(text);
      complaintOf(text.slice(30));
      complaintOf(text + text);
      assert.ok(
        performance.now() - begun < 2000,
        `${JSON.stringify(piece)} took ${performance.now() - begun} ms`,
      );
    }
    const files = Array.from({ length: 201 }, (_, index) => ({ path: `f${index}`, content: 'x\n' }));
    assert.match(complaintOf(formatAnswer(files, boundary)), /more than 200 files/);
    assert.match(
      complaintOf(formatAnswer([{ path: 'a', content: `${'x'.repeat(3 << 20)}\n` }], boundary)),
      /longer than 2/,
    );
  });
});
