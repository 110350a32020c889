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
