import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { dotenvLiteral, dotenvValues, parseDotenv } from '../../../../src/core/identity/dotenvFile.ts';
import { dotenvEnvironment, dotenvTable } from './dotenvTable.ts';

type Values = readonly (readonly [string, string | null])[];

const script = `
import io, json, logging, os, sys
from dotenv.main import DotEnv
logging.disable(logging.CRITICAL)
for line in sys.stdin:
    case = json.loads(line)
    os.environ.clear(); os.environ.update(case['environment'])
    stream = io.StringIO(case['text'], newline=None)
    print(json.dumps(list(DotEnv(None, stream=stream, override=False).dict().items())))
`;

/** What the python-dotenv of this machine reads; `null` without one. */
function pythonDotenv(texts: readonly string[]): Values[] | null {
  const input = texts.map((text) => `${JSON.stringify({ text, environment: dotenvEnvironment })}\n`).join('');
  for (const python of ['/usr/bin/python3', 'python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', script], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status === 0)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Values);
  }
  return null;
}

const ours = (text: string): Values => [...dotenvValues(text, dotenvEnvironment)];

describe('dotenvFile', () => {
  it('reads every text of the table as python-dotenv did', () => {
    for (const [text, values] of dotenvTable) assert.deepEqual(ours(text), values, JSON.stringify(text));
  });

  it('reads what nobody thought of as the python-dotenv of this machine, or in order and once, does', () => {
    const units = [
      ...['A', 'DATABASE_URL', 'export ', ' ', '\t', '=', '#', '"', "'", '\\', '$', '${HOME_DB}', '${A:-d}'],
      ...['{', '}', ':', '-', '\n', '\r', '\r\n', '\ufeff', '`', '\u0085', '\u2028', '\x1c', '\u00a0', 'n'],
    ];
    const texts = fc.sample(fc.string({ unit: fc.constantFrom(...units), maxLength: 40 }), 2000);
    const theirs = pythonDotenv(texts);
    texts.forEach((text, index) => {
      if (theirs !== null) assert.deepEqual(ours(text), theirs[index], JSON.stringify(text));
      let behind = 0;
      for (const { start, end } of parseDotenv(text)) {
        assert.ok(start >= behind && end >= start && end <= text.length, JSON.stringify(text));
        behind = end;
      }
    });
  });

  it('reads back what it writes, whatever the value holds', () => {
    const units = ['a', ' ', '#', '$', '{', '}', ':-', '"', "'", '`', '\\', 'ü', '=', '\n', '\u00a0'];
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...units) }), (value) => {
        const values = dotenvValues(`X=${dotenvLiteral(value)}\n`, { a: 'not meant' });
        assert.deepEqual([...values], [['X', value]]);
      }),
    );
  });

  it('takes time in proportion to the length of hostile lines', () => {
    const time = (text: string): number => {
      const from = performance.now();
      dotenvValues(text, {});
      return performance.now() - from;
    };
    for (const unit of ['A="', "A='\\'", ' #', 'A= \t', '${', '${a:-', '\n', 'A=\\"', "'A", 'export ', '=']) {
      const [short, long] = [25_000, 100_000].map((length) =>
        Math.min(...[1, 2, 3].map(() => time(unit.repeat(Math.ceil(length / unit.length))))),
      );
      assert.ok((long ?? 0) < 12 * (short ?? 0) + 30, `${JSON.stringify(unit)}: ${short} ms, ${long} ms`);
    }
  });
});
