import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTelemetryLogLine } from '../../../../../src/core/telemetry/logs/telemetryLogLine.ts';
import type { LogSample } from '../../../../../src/core/telemetry/logs/logSamples.ts';

const v2 =
  '[TokenEstimationV2] predicted_output=448 actual_output=124 smape=113.3% selected_budget=8192 category=implementation complexity=low deliverables=1 success=False stop_reason=end_turn truncated=False model=some-model-4';

function sampleOf(line: string): LogSample {
  const [read, ...more] = parseTelemetryLogLine(line);
  assert.equal(more.length, 0);
  if (read?.kind !== 'sample') assert.fail(`${read?.kind ?? 'nothing'}: ${line}`);
  return read.sample;
}

const kindOf = (line: string): string | undefined => parseTelemetryLogLine(line)[0]?.kind;

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

  it('is read whole wherever it stands, and ends with its model', () => {
    const escape = String.fromCharCode(27);
    const surroundings: readonly (readonly [before: string, after: string])[] = [
      ['{"message": "', '"}'],
      ['{"level": "INFO", "message": "', '", "success": "True", "extra": {"model=": "x", "category=": 1}}'],
      ['{"log":"', '\\n","stream":"stderr","time":"2025-12-29T19:04:18.123456789Z"}'],
      ['{"msg":"\\u001b[32m', '\\u001b[0m"}'],
      ['"{\\"message\\": \\"', '\\"}"'],
      ["b'", "\\r\\n'"],
      ["'", "'"],
      ['`', '`'],
      ['(', ')'],
      ['[', ']'],
      ['<msg>', '</msg>'],
      ['<td>', '&quot;'],
      ['2025-12-29,"', '",INFO'],
      ['msg="', '" level=info success=maybe'],
      ['stdout: ', '; next'],
      ['It printed ', '.'],
      [`${escape}[1;32m`, `${escape}[0m${escape}[K`],
      [`${escape}]8;;https://a.example${escape}\\`, `${escape}]8;;${escape}\\`],
      ['', '^[[0m'],
      ['', '\\x1b[0m'],
      ['', '\\033[0m'],
      ['', '\0'],
      ['', '\0\0\0more'],
      ['', '\u0007'],
      ['', '\u00a0'],
    ];
    for (const [before, after] of surroundings) {
      const { timestamp, ...rest } = sampleOf(`${before}${v2}${after}`);
      const { timestamp: none, ...expected } = sampleOf(v2);
      assert.deepEqual(rest, expected, `${before}…${after}`);
      assert.equal(timestamp, after.includes('T19:04') ? Date.UTC(2025, 11, 29, 19, 4, 18, 123) : none);
    }
  });

  it('keeps every sign that names of models are made of', () => {
    for (const model of ['llama3:8b', 'org/model-1.5', 'm@20240620', 'us.vendor.m-v2:0', 'a+b_c', 'модель'])
      assert.equal(sampleOf(`"${v2.replace('some-model-4', model)}"`).model, model);
    assert.equal(sampleOf(`"${v2.replace('some-model-4', 'org\\/model')}"`).model, 'org/model');
  });

  it('may not know its model', () => {
    for (const line of [v2, `{"message": "${v2}"}`])
      assert.equal(sampleOf(line.replace('some-model-4', 'None')).model, null);
  });

  it('may share its line with others, which are read each by itself', () => {
    const other = v2.replace('actual_output=124', 'actual_output=125').replace('some-model-4', 'other');
    const read = parseTelemetryLogLine(JSON.stringify([v2, other, v2.slice(0, 60)]));
    assert.deepEqual(
      read.map((entry) => (entry.kind === 'sample' ? [entry.sample.actual, entry.sample.model] : null)),
      [[124, 'some-model-4'], [125, 'other'], null],
    );
  });

  it('is damaged where a count is beyond what a number holds', () => {
    assert.equal(kindOf(v2.replace('124', '9'.repeat(400))), 'damaged');
  });

  it('is damaged when it was cut off anywhere before its last field', () => {
    const last = v2.indexOf('model=') + 'model='.length;
    for (
      let length = v2.indexOf('predicted_output=') + 'predicted_output='.length;
      length <= last;
      length += 1
    ) {
      assert.equal(kindOf(v2.slice(0, length)), 'damaged', v2.slice(0, length));
    }
    assert.equal(kindOf('[TokenEstimation] Predicted: 300 output to'), 'damaged');
  });

  it('is not prose that names the marker', () => {
    assert.equal(kindOf('Objective: Collect [TokenEstimationV2] telemetry'), undefined);
    assert.equal(kindOf('grep "[TokenEstimation] Predicted" *.log'), undefined);
  });

  it('is something for any text, and never an error', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('[TokenEstimationV2] ', 'predicted_output=', '=', v2),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const kinds = parseTelemetryLogLine(pieces.join('')).map(({ kind }) => kind);
        assert.ok(kinds.every((kind) => ['sample', 'damaged'].includes(kind)));
      }),
    );
  });
});
