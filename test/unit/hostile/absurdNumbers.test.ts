import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { QueryContext } from '../../../src/core/db/scan/queryContext.ts';
import { readTelemetrySamples } from '../../../src/core/telemetry/samples/readTelemetrySamples.ts';
import { telemetryEvents } from '../../../src/core/telemetry/page/telemetryEvents.ts';
import { calibrate } from '../../../src/core/telemetry/calibration/calibrate.ts';
import { eventFormat } from '../../../src/core/telemetry/report/eventFormats.ts';
import { renderTelemetryHtml } from '../../../src/core/telemetry/report/htmlReport.ts';
import { scatterSvg } from '../../../src/core/telemetry/report/scatterSvg.ts';
import { parseTelemetryLogLine } from '../../../src/core/telemetry/logs/telemetryLogLine.ts';
import { sampleQualities } from '../../../src/core/telemetry/samples/sampleQuality.ts';
import { defaultTelemetryOptions as defaults } from '../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { telemetryFindings } from '../../../src/core/telemetry/report/telemetryFindings.ts';
import { noFilter } from '../../../src/core/telemetry/page/telemetryFilter.ts';
import { TelemetrySource } from '../../../src/core/telemetry/page/telemetrySource.ts';
import { viewTelemetry } from '../../../src/core/telemetry/page/telemetryView.ts';
import { sha256Hex } from '../../../src/node/system/systemPorts.ts';
import { axisRange, logTicks, tickLabel } from '../../../src/webview/chart/chartScale.ts';
import { openSnapshots } from '../../support/openSnapshots.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** SQL of what a column of numbers can hold, whoever wrote it. */
const absurd = [
  '9e999',
  '-9e999',
  "'9e999'",
  "'-9e999'",
  "'Infinity'",
  "'inf'",
  "'NaN'",
  '9e999 - 9e999',
  '0.0 * 9e999',
  '5e-324',
  '-5e-324',
  '2.2250738585072014e-308',
  '-0.0',
  '0',
  "'-0'",
  '1e308',
  '-1e308',
  '1.7976931348623157e308',
  '9223372036854775807',
  '-9223372036854775808',
  "'9223372036854775807'",
  '9007199254740993',
  '4294967296',
  '2147483648',
  '1000000001',
  '0.5',
  '-1',
  "''",
  "' '",
  "'12 tokens'",
  "'0x10'",
  "'1e5'",
  "'1_000'",
  `'${'9'.repeat(400)}'`,
  "x'00'",
  "x'7ff0000000000000'",
  'zeroblob(64)',
  'NULL',
  'true',
  "'true'",
  'char(0)',
] as const;

const numbers = [
  'predicted_output_tokens',
  'actual_output_tokens',
  'selected_budget',
  'actual_max_tokens',
  'deliverable_count',
  'timestamp',
  'success',
  'truncated',
] as const;
const sane: Readonly<Record<string, string>> = {
  run_id: "'r'",
  phase_id: "'p'",
  category: "'docs'",
  complexity: "'low'",
  model: "'m'",
  stop_reason: "'end_turn'",
  deliverables_json: "'[]'",
  predicted_output_tokens: '500',
  actual_output_tokens: '700',
  selected_budget: '8192',
  actual_max_tokens: '8192',
  deliverable_count: '1',
  timestamp: "'2026-01-01 10:00:00'",
  success: '1',
  truncated: '0',
};
const mostTokens = 1e9;

/** Everything that is made of samples, each part with its own bounds to hold. */
function useAll(context: QueryContext): { readonly clean: number[]; readonly text: string } {
  const samples = readTelemetrySamples(context, true);
  const findings = telemetryFindings(samples, defaults, { suspects: 50, withEvidence: true });
  const { html } = renderTelemetryHtml(samples, defaults);
  const view = viewTelemetry(new TelemetrySource(samples), { options: defaults, filter: noFilter });
  const calibration = calibrate(samples, { anyRole: true });
  const values = view.points.flatMap(({ predicted, actual }) => [predicted, actual]);
  const range = axisRange(values);
  assert.ok(
    range.every((end) => Number.isFinite(end) && end > 0),
    'an axis has ends',
  );
  assert.ok(logTicks(range, 8).length <= 8);
  const events = telemetryEvents(context, { after: 0, limit: 1000 });
  const exported = (['csv', 'ndjson', 'otlp'] as const).map((name) => {
    const format = eventFormat(name, sha256Hex, '1');
    return [format.head, ...events.map((event, at) => format.event(event, at)), format.tail].join('');
  });
  const clean = [...samples.quality.keys()].filter(
    (at) => sampleQualities[samples.quality[at] ?? 0] === 'clean',
  );
  for (const at of clean) {
    for (const tokens of [samples.predicted[at], samples.actual[at]]) {
      assert.ok(tokens !== undefined && tokens > 0 && tokens <= mostTokens, `${tokens} tokens are not clean`);
    }
  }
  const text = [html, JSON.stringify([findings, view, calibration]), ...exported].join('\n');
  assert.doesNotMatch(html, /Infinity|NaN|∞/);
  return { clean, text };
}

describe('absurd and infinite numbers', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let made = 0;

  async function used(rows: readonly Readonly<Record<string, string>>[]): Promise<number> {
    const path = join(folder(), `${++made}.db`);
    const database = new DatabaseSync(path);
    const columns = Object.keys(sane);
    database.exec(`CREATE TABLE runs (id TEXT); INSERT INTO runs VALUES ('r');
      CREATE TABLE phases (run_id TEXT, phase_id TEXT); INSERT INTO phases VALUES ('r', 'p');
      CREATE TABLE llm_usage_events (run_id, phase_id, prompt_tokens, completion_tokens, total_tokens);
      CREATE TABLE token_estimation_v2_events (id INTEGER PRIMARY KEY, ${columns.join(', ')}); BEGIN`);
    for (const row of rows) {
      const values = columns.map((column) => row[column] ?? sane[column]);
      database.exec(
        `INSERT INTO token_estimation_v2_events (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      );
      database.exec(
        `INSERT INTO llm_usage_events VALUES ('r', 'p', ${row.predicted_output_tokens ?? 1}, ${row.actual_output_tokens ?? 1}, ${row.selected_budget ?? 1})`,
      );
    }
    database.exec('COMMIT');
    database.close();
    const reader = await openSnapshots(path);
    try {
      const run = (context: QueryContext): number => {
        const { db, schema, warnings, file } = context;
        const byPages = useAll(context);
        const byRows = useAll({ db, schema, warnings, file });
        assert.deepEqual(byRows.clean, byPages.clean, 'both ways of reading agree');
        return byPages.clean.length;
      };
      return (await reader.read({ key: 'used', run })).value;
    } finally {
      reader.close();
    }
  }

  for (const column of numbers) {
    it(`are never clean tokens, and end every computation: each alone in ${column}`, async () => {
      const plain = Array.from({ length: 3 }, () => ({
        timestamp: `'2026-01-0${1 + Math.floor(made % 9)} 11:00:00'`,
      }));
      await used([...plain, ...absurd.map((value) => ({ [column]: value }))]);
    });
  }

  it('are never clean tokens in any mixture', async () => {
    const row = fc.record(Object.fromEntries(numbers.map((column) => [column, fc.constantFrom(...absurd)])), {
      requiredKeys: [],
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        await used(rows as Record<string, string>[]);
      }),
      { numRuns: 25 },
    );
  });

  it('read from a log are never more than a call can have', () => {
    for (const value of ['9'.repeat(15), '9'.repeat(400), '1e9', 'inf', '-5', '0x10', '1_000', 'None', '٣']) {
      const line = `[TokenEstimationV2] predicted_output=${value} actual_output=${value} smape=inf% selected_budget=${value} category=docs complexity=low deliverables=${value} success=True stop_reason=end_turn truncated=False model=m`;
      for (const entry of parseTelemetryLogLine(line)) {
        if (entry.kind === 'sample') assert.ok(Number.isSafeInteger(entry.sample.predicted));
      }
    }
  });

  it('end every axis, and every picture, whatever the values', () => {
    const any = fc.oneof(
      fc.double(),
      fc.constantFrom(Infinity, -Infinity, NaN, 0, -0, 5e-324, 1e308, -1, 2 ** 63),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), fc.integer({ min: 1, max: 12 }), (values, most) => {
        const range = axisRange(values);
        assert.ok(
          range.every((end) => Number.isFinite(end) && end > 0),
          String(range),
        );
        const ticks = logTicks(range, most);
        assert.ok(ticks.length <= most, `${ticks.length} ticks`);
        ticks.forEach(tickLabel);
        const samples = values.map((value) => ({ predicted: value, actual: 700, truncated: false }));
        const { svg } = scatterSvg(samples, samples.length);
        assert.ok(svg.length < 100_000 && !/NaN|Infinity/.test(svg));
        logTicks([values[0] ?? 1, values[1] ?? 1], most);
      }),
    );
  });
});
