import assert from 'node:assert/strict';
import { cutToWidth, displayWidth, wrapToWidth } from '../../../src/commandLine/displayWidth.ts';
import { markdownOutput, type Output } from '../../../src/commandLine/output.ts';
import { stateStyle, usesColor } from '../../../src/commandLine/terminalColors.ts';
import { terminalOutput } from '../../../src/commandLine/terminalLayout.ts';
import { hostileText, unsafeCharacter } from '../../support/hostileTexts.ts';

const plain = { columns: null, hasColor: false };

describe('the width of text in a terminal', () => {
  it('is two columns for wide characters and emoji, and none for marks', () => {
    const widths = { plain: 5, 数据库: 6, é: 1, 'e\u0301': 1, '👩‍👩‍👧': 2, '⚠️': 2, ﾊﾝ: 2, ż: 1 };
    for (const [text, width] of Object.entries(widths)) assert.equal(displayWidth(text), width, text);
  });

  it('bounds what is cut and wrapped, and cuts no character in half', () => {
    assert.equal(cutToWidth('数据库', 6), '数据库');
    assert.equal(cutToWidth('数据库', 5), '数据…');
    assert.deepEqual(wrapToWidth('two words 数据库', 5), ['two', 'words', '数据', '库']);
    assert.deepEqual(wrapToWidth('👩‍👩‍👧👩‍👩‍👧', 1), ['👩‍👩‍👧', '👩‍👩‍👧', '']);
    assert.deepEqual(wrapToWidth('', 5), ['']);
    assert.deepEqual(wrapToWidth('build130-schema-validation', 10), ['build130-', 'schema-', 'validation']);
  });
});

describe('output in a terminal', () => {
  const table: Output = [
    {
      kind: 'table',
      columns: [
        { title: 'Run', overflow: 'wrap' },
        { title: 'State' },
        { title: 'Tokens', align: 'right' },
        { title: 'Why', overflow: 'cut' },
      ],
      rows: [
        [
          '数据库-run-with-a-long-id',
          { text: 'FAILED', style: 'red' },
          '7',
          'a reason that is told at length',
        ],
        ['short', { text: 'COMPLETE', style: 'green' }, '12,345', ''],
      ],
    },
  ];

  it('fits its width, under the right headings, with nothing of an id left out', () => {
    const lines = terminalOutput(table, { columns: 52, hasColor: false }).split('\n');
    for (const line of lines) assert.ok(displayWidth(line) <= 52, line);
    const first = lines
      .filter((line) => !/Run|short/.test(line))
      .map((line) => line.slice(0, 15).split('  ')[0]);
    assert.equal(first.join('').replaceAll(' ', ''), '数据库-run-with-a-long-id');
    assert.match(lines[1] ?? '', /FAILED +7 {2}a reason.*…$/);
  });

  it('is as wide as it is where nothing bounds it', () => {
    const [head, first] = terminalOutput(table, plain).split('\n');
    assert.match(first ?? '', /数据库-run-with-a-long-id {2}FAILED {9}7 {2}a reason that is told at length$/);
    assert.match(head ?? '', /^Run {2,}State {5}Tokens {2}Why$/);
  });

  it('has colors on its own account alone, whatever is in it', () => {
    const hostile: Output = [
      { kind: 'lines', lines: [hostileText, { text: hostileText, style: 'red' }] },
      { kind: 'facts', facts: [['Name', hostileText]] },
      { kind: 'table', columns: [{ title: hostileText }], rows: [[hostileText]] },
      { kind: 'quote', text: hostileText },
      { kind: 'list', items: [hostileText] },
    ];
    assert.doesNotMatch(terminalOutput(hostile, { columns: 40, hasColor: false }), unsafeCharacter);
    // eslint-disable-next-line no-control-regex -- our own colors
    const without = terminalOutput(hostile, { columns: 40, hasColor: true }).replaceAll(/\x1b\[\d+m/g, '');
    assert.equal(without, terminalOutput(hostile, { columns: 40, hasColor: false }));
  });

  it('is Markdown in which nothing takes effect', () => {
    const text = markdownOutput([
      { kind: 'table', columns: [{ title: 'A|B' }], rows: [['x | y `z`']] },
      { kind: 'list', items: ['![i](http://x)'] },
    ]);
    assert.equal(text, '| A\\|B |\n| --- |\n| x \\| y \\`z\\` |\n\n- \\![i\\](http://x)');
  });
});

describe('whether output is colored', () => {
  it('is said by --color, else by the variables, else by the terminal', () => {
    assert.equal(usesColor('auto', {}, true), true);
    assert.equal(usesColor('auto', {}, false), false);
    assert.equal(usesColor('auto', { TERM: 'dumb' }, true), false);
    assert.equal(usesColor('auto', { NO_COLOR: '1' }, true), false);
    assert.equal(usesColor('auto', { NO_COLOR: '' }, true), true);
    assert.equal(usesColor('auto', { FORCE_COLOR: '1' }, false), true);
    assert.equal(usesColor('auto', { FORCE_COLOR: '0' }, true), false);
    assert.equal(usesColor('always', { NO_COLOR: '1' }, false), true);
    assert.equal(usesColor('never', { FORCE_COLOR: '1' }, true), false);
  });

  it('tells what waits for a person from what failed', () => {
    assert.equal(stateStyle('DONE_FAILED_ENVIRONMENT'), 'red');
    assert.equal(stateStyle('DONE_FAILED_REQUIRES_HUMAN_REVIEW'), 'yellow');
    assert.equal(stateStyle('constructor'), undefined);
  });
});
