import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  LogSampleColumns,
  LogSampleRows,
  type LocatedSample,
} from '../../../../../src/core/telemetry/logs/logSamples.ts';
import { parseTelemetryLogLine } from '../../../../../src/core/telemetry/logs/telemetryLogLine.ts';
import { TelemetryLogScanner } from '../../../../../src/core/telemetry/logs/readTelemetryLog.ts';
import { anyCharacter } from '../../../../support/anyCharacter.ts';

const v1 = '[TokenEstimation] Predicted: 300 output tokens, Actual: 128 output tokens, Error: 57.3%';
const v2 =
  '[TokenEstimationV2] predicted_output=448 actual_output=124 smape=113.3% selected_budget=8192 category=implementation complexity=low deliverables=1 success=False stop_reason=end_turn truncated=False model=some-model-4';
const fallback =
  '[TokenEstimationV2] predicted_output=5200 actual_total=41234 selected_budget=None category=tests complexity=high deliverables=3 success=True model=some-model-4';

interface Scanned {
  readonly samples: readonly LocatedSample[];
  readonly damaged: number;
}

function scan(...pieces: readonly Uint8Array[]): Scanned {
  const columns = new LogSampleColumns();
  const scanner = new TelemetryLogScanner(columns);
  for (const piece of pieces) scanner.push(piece);
  scanner.finish();
  return { samples: new LogSampleRows(columns, 0).map((sample) => sample), damaged: scanner.damaged };
}

function lineByLine(text: string): Scanned {
  const samples: LocatedSample[] = [];
  let damaged = 0;
  for (const [index, line] of text.split('\n').entries()) {
    for (const read of parseTelemetryLogLine(line)) {
      if (read.kind === 'sample') samples.push({ ...read.sample, line: index + 1 });
      else damaged += 1;
    }
  }
  return { samples, damaged };
}

describe('telemetry log scanner', () => {
  const part = fc.oneof(
    fc.string({ unit: anyCharacter }),
    fc.constantFrom(
      '\n',
      '\r\n',
      '[',
      '[Tokens] ',
      '[2025-12-29 19:04:18] INFO: ',
      v1,
      v2,
      v2.slice(0, 60),
      fallback,
    ),
  );

  it('finds what reading each line finds, wherever the pieces end', () => {
    const ends = fc.array(fc.nat(700), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), ends, (parts, cuts) => {
        const text = parts.join('');
        const bytes = Buffer.from(text);
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        assert.deepEqual(scan(...pieces), lineByLine(text));
      }),
    );
  });

  it('is not stopped by what is no text', () => {
    const noText = Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28, 91, 84, 111, 0, 10, 0xed, 0xa0, 0x80]);
    const { samples, damaged } = scan(noText, Buffer.from(`${v1}\n`), noText);
    assert.deepEqual([samples.map(({ line }) => line), damaged], [[2], 0]);
  });

  it('reads the beginning of a line without end, and counts a sample as damaged that was cut off there', () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const endless = Array.from({ length: 50 }, () => piece);
    const { samples, damaged } = scan(...endless, Buffer.from(`${v1}\n${v1}\n`));
    assert.deepEqual([samples.map(({ line }) => line), damaged], [[2], 0]);
    const cutOff = Buffer.from(v2);
    assert.equal(scan(cutOff.subarray(0, 100), ...endless, Buffer.from('\n')).damaged, 1);
  });
});
