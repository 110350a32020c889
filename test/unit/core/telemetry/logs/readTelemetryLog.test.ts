import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { CancelledError } from '../../../../../src/core/errors.ts';
import { readTelemetryLog } from '../../../../../src/core/telemetry/logs/readTelemetryLog.ts';
import type { LocatedSample } from '../../../../../src/core/telemetry/logs/logSamples.ts';
import { logSources } from '../../../../support/data/dataSources.ts';

interface ReadLog {
  readonly samples: readonly LocatedSample[];
  readonly damaged: number;
}

const readPieces = async (pieces: AsyncIterable<Uint8Array>): Promise<ReadLog> => {
  const { samples, damaged } = await readTelemetryLog(pieces);
  return { samples: samples.map((sample) => sample), damaged };
};

const read = (path: string): Promise<ReadLog> => readPieces(createReadStream(path));

/** What `grep` tells: the figures of every line that has both, in their order. */
function grep(path: string): { readonly figures: [number, number][]; readonly successful: number } {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const pair = /\[TokenEstimation.*redicted\D+(\d+)\D+(\d+)\D.*(?:Error: |model=)/;
  const figures = lines.flatMap((each): [number, number][] => {
    const [, predicted, actual] = pair.exec(each) ?? [];
    return predicted === undefined ? [] : [[Number(predicted), Number(actual)]];
  });
  return { figures, successful: lines.filter((each) => each.includes('success=True')).length };
}

describe('telemetry log', () => {
  for (const { name, path, written } of logSources()) {
    it(`holds what grep finds: ${name}`, async () => {
      const { samples, damaged } = await read(path);
      const { figures, successful } = grep(path);
      assert.ok(figures.length > 0);
      assert.deepEqual(
        samples.map(({ predicted, actual }) => [predicted, actual]),
        figures,
      );
      assert.equal(samples.filter(({ success }) => success === true).length, successful);
      assert.equal(damaged, written?.damaged ?? 0);
      if (written === null) {
        assert.ok(samples.every(({ timestamp }) => timestamp !== null));
        return;
      }
      const found = samples.map(({ format, predicted, actual, success, timestamp, ...sample }) => {
        const { selectedBudget, stopReason, truncated, deliverableCount: deliverables } = sample;
        const told = format === 'v2' ? [8192, 'end_turn', false] : [null, null, null];
        assert.deepEqual([selectedBudget, stopReason, truncated], told);
        const { category, complexity, model } = sample;
        return { format, predicted, actual, success, timestamp, category, complexity, deliverables, model };
      });
      assert.deepEqual(found, written.samples);
    });
  }

  const line = (actual: number, model = 'модель-1'): string =>
    `[2025-12-29 19:04:18] INFO: – [TokenEstimationV2] predicted_output=448 actual_output=${actual} smape=9.9% selected_budget=8192 category=tests complexity=low deliverables=1 success=True stop_reason=end_turn truncated=False model=${model}`;
  const text = `начало\r\n${line(1)}\r\n\u0a0a\n${line(2)}\n${line(3)}`;
  const utf16 = (content: string): Buffer => Buffer.from(content, 'utf16le');
  const encodings: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', utf16(text)],
    ['UTF-16 LE with a byte order mark', utf16(`\ufeff${text}`)],
    ['UTF-16 BE', utf16(text).swap16()],
    ['UTF-16 BE with a byte order mark', utf16(`\ufeff${text}`).swap16()],
  ];
  for (const [name, bytes] of encodings) {
    it(`may be in ${name}, in pieces of any size`, async () => {
      for (const size of [1, 7, 511, 512, 4096]) {
        async function* pieces(): AsyncGenerator<Uint8Array> {
          // One buffer for all pieces, as a reader of files has.
          const buffer = Buffer.alloc(size);
          for (let at = 0; at < bytes.length; at += size)
            yield await Promise.resolve(
              buffer.subarray(0, bytes.copy(buffer, 0, at, Math.min(bytes.length, at + size))),
            );
        }
        const { samples, damaged } = await readPieces(pieces());
        assert.deepEqual(
          samples.map(({ line: at, actual, model }) => [at, actual, model]),
          [2, 4, 5].map((at, index) => [at, index + 1, 'модель-1']),
          String(size),
        );
        assert.equal(damaged, 0);
        assert.equal(samples[0]?.timestamp, Date.UTC(2025, 11, 29, 19, 4, 18));
      }
    });
  }

  it('may change its encoding where another program went on with it', async () => {
    const parts = [
      `first\n${line(1, 'm')}\n`,
      `${line(2, 'm')}\r\n`,
      `${line(3, 'm')}\n`,
      `${line(4, 'm')}\n`,
    ];
    const [first = '', second = '', third = '', fourth = ''] = parts;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(
        Buffer.concat([Buffer.from(first), utf16(second), utf16(third).swap16(), Buffer.from(fourth)]),
      );
    }
    const { samples, damaged } = await readPieces(pieces());
    assert.deepEqual([samples.map(({ actual }) => actual), damaged], [[1, 2, 3, 4], 0]);
  });

  it('counts damaged lines', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('[TokenEstimationV2] predicted_output=44\n'));
      yield Buffer.from('something else\n');
    }
    assert.deepEqual(await readPieces(pieces()), { samples: [], damaged: 1 });
  });

  it('is left as soon as reading it is cancelled', async () => {
    const controller = new AbortController();
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1;
        if (given === 3) controller.abort();
        yield await Promise.resolve(Buffer.from('a line\n'));
      }
    }
    await assert.rejects(readTelemetryLog(endless(), controller.signal), CancelledError);
    assert.equal(given, 3);
  });
});
