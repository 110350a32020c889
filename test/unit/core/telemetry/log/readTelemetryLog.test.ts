import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { CancelledError } from '../../../../../src/core/errors.ts';
import { readTelemetryLog } from '../../../../../src/core/telemetry/log/readTelemetryLog.ts';
import type { LocatedSample } from '../../../../../src/core/telemetry/log/logSample.ts';
import { sharedData } from '../../../../support/sharedData.ts';

interface ReadLog {
  readonly samples: readonly LocatedSample[];
  readonly damaged: number;
}

const readPieces = async (pieces: AsyncIterable<Uint8Array>): Promise<ReadLog> => {
  const { samples, damaged } = await readTelemetryLog(pieces);
  return { samples: samples.map((sample) => sample), damaged };
};

const read = (path: string): Promise<ReadLog> => readPieces(createReadStream(path));

/** Samples counted once with `grep -c '\[TokenEstimation.*redicted'`, and successful ones with `grep -c 'success=True'`. */
const counted = [
  { log: 'collection-v1.log', format: 'v1', samples: 5, successful: 0 },
  { log: 'collection-v2.log', format: 'v2', samples: 5, successful: 0 },
  { log: 'drain-2025-12.log', format: 'v2', samples: 9, successful: 9 },
  { log: 'execution-v2.log', format: 'v2', samples: 4, successful: 4 },
] as const;

describe('telemetry log', () => {
  for (const { log, format, samples, successful } of counted) {
    it(`holds what grep counts in a real one (${format}, ${samples} samples)`, async function () {
      const found = await read(sharedData(this, log));
      assert.equal(found.samples.length, samples);
      assert.equal(found.damaged, 0);
      assert.ok(found.samples.every((sample) => sample.format === format && sample.timestamp !== null));
      assert.equal(found.samples.filter(({ success }) => success === true).length, successful);
    });
  }

  it('has the figures of its lines, in their order', async function () {
    const { samples } = await read(sharedData(this, 'drain-2025-12.log'));
    assert.deepEqual(
      samples.map(({ predicted, actual }) => [predicted, actual]),
      [
        [5200, 1157],
        [6500, 2033],
        [6500, 2033],
        [6500, 2733],
        [7020, 4492],
        [4420, 3713],
        [4420, 6472],
        [2600, 5157],
        [6500, 2767],
      ],
    );
    assert.equal(samples[0]?.timestamp, Date.UTC(2025, 11, 29, 19, 4, 18));
  });

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
