import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTelemetryLogLine } from '../../../../../src/core/telemetry/log/telemetryLogLine.ts';
import type { LogSample } from '../../../../../src/core/telemetry/log/logSample.ts';

const v2 =
  '[TokenEstimationV2] predicted_output=448 actual_output=124 smape=113.3% selected_budget=8192 category=implementation complexity=low deliverables=1 success=False stop_reason=end_turn truncated=False model=some-model-4';

function sampleOf(line: string): LogSample {
  const read = parseTelemetryLogLine(line);
  if (read.kind !== 'sample') assert.fail(`${read.kind}: ${line}`);
  return read.sample;
}

describe('telemetry line of a log', () => {
  it('is read whole in the second format', () => {
    assert.deepEqual(sampleOf(v2), {
      format: 'v2',
      timestamp: null,
      predicted: 448,
      actual: 124,
      selectedBudget: 8192,
      category: 'implementation',
      complexity: 'low',
      deliverableCount: 1,
      success: false,
      stopReason: 'end_turn',
      truncated: false,
      model: 'some-model-4',
    });
  });

  it('tells only predicted and actual in the first format', () => {
    const line = '[TokenEstimation] Predicted: 300 output tokens, Actual: 128 output tokens, Error: 57.3%';
    const { format, predicted, actual, success, model } = sampleOf(line);
    assert.deepEqual([format, predicted, actual, success, model], ['v1', 300, 128, null, null]);
  });

  it('is known as a fallback by its total, which is not output', () => {
    const line =
      '[TokenEstimationV2] predicted_output=5200 actual_total=41234 selected_budget=None category=tests complexity=high deliverables=3 success=True model=some-model-4';
    const { format, actual, selectedBudget, stopReason, truncated, success } = sampleOf(line);
    assert.deepEqual(
      [format, actual, selectedBudget, stopReason, truncated, success],
      ['fallback', 41_234, null, null, null, true],
    );
  });

  it('reads None as not known', () => {
    const unknown = sampleOf(v2.replace('False', 'None').replace('end_turn', 'None').replace('8192', 'None'));
    assert.deepEqual([unknown.success, unknown.stopReason, unknown.selectedBudget], [null, null, null]);
  });

  it('takes its time from any of the prefixes', () => {
    const at = Date.UTC(2025, 11, 29, 19, 4, 18);
    assert.equal(sampleOf(`[2025-12-29 19:04:18] INFO: ${v2}`).timestamp, at);
    assert.equal(sampleOf(`2025-12-29 19:04:18,624 - autopack.clients - INFO - ${v2}`).timestamp, at + 624);
    assert.equal(sampleOf(`2025-12-29T19:04:18Z ${v2}`).timestamp, at);
    assert.equal(sampleOf(`[14] [2025-12-29 21:04:18+02:00] INFO: ${v2}`).timestamp, at);
    assert.equal(sampleOf(`INFO:root:${v2}`).timestamp, null);
  });

  it('may be coloured and end in a carriage return', () => {
    const escape = String.fromCharCode(27);
    assert.equal(sampleOf(`${escape}[32mINFO${escape}[0m ${v2}${escape}[0m\r`).model, 'some-model-4');
  });

  it('is damaged when it was cut off anywhere before its last field', () => {
    const last = v2.indexOf('model=') + 'model='.length;
    for (
      let length = v2.indexOf('predicted_output=') + 'predicted_output='.length;
      length <= last;
      length += 1
    ) {
      assert.equal(parseTelemetryLogLine(v2.slice(0, length)).kind, 'damaged', v2.slice(0, length));
    }
    assert.equal(parseTelemetryLogLine('[TokenEstimation] Predicted: 300 output to').kind, 'damaged');
  });

  it('is not prose that names the marker', () => {
    assert.equal(parseTelemetryLogLine('Objective: Collect [TokenEstimationV2] telemetry').kind, 'other');
    assert.equal(parseTelemetryLogLine('grep "[TokenEstimation] Predicted" *.log').kind, 'other');
  });

  it('is something for any text, and never an error', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('[TokenEstimationV2] ', 'predicted_output=', '=', v2),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        assert.ok(['sample', 'damaged', 'other'].includes(parseTelemetryLogLine(pieces.join('')).kind));
      }),
    );
  });
});
