import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskSecrets } from '../../../../../src/core/text/maskSecrets.ts';
import type { TelemetryEvent } from '../../../../../src/core/model/telemetryEvent.ts';
import { eventFormat, type EventFormatName } from '../../../../../src/core/telemetry/report/eventFormats.ts';
import type { FilterCondition } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { sha256Hex } from '../../../../../src/node/system/systemPorts.ts';

const event: TelemetryEvent = {
  eventId: 7,
  runId: 'run',
  phaseId: 'phase',
  timestamp: Date.UTC(2025, 11, 24, 0, 50, 52, 799),
  category: 'implementation',
  complexity: 'low',
  deliverableCount: 2,
  deliverables: ['src/a.py', 'tests/test_a.py'],
  predicted: 7020,
  actual: 3788,
  selectedBudget: 8424,
  actualMaxTokens: null,
  success: true,
  truncated: false,
  stopReason: 'end_turn',
  model: 'claude-sonnet-4-5',
};

function write(name: EventFormatName, ...events: readonly TelemetryEvent[]): string {
  const format = eventFormat(name, sha256Hex, '1.2.3');
  return format.head + events.map((one, index) => format.event(one, index)).join('') + format.tail;
}

/** A reader of RFC 4180, written for these tests alone. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('event format', () => {
  for (const name of ['csv', 'ndjson', 'otlp'] as const) {
    it(`${name} holds no password or token of the texts of an event`, () => {
      const secret = 'http://user:hunter2@host/?token=hunter2';
      const texts = { runId: secret, phaseId: secret, category: secret, complexity: secret, model: secret };
      const text = write(name, { ...event, ...texts, deliverables: [secret], stopReason: secret });
      assert.match(text, /http:\/\/user:\*\*\*@host/);
      assert.doesNotMatch(text, /hunter2/);
    });
  }

  it('NDJSON has Autopack keys in their order, and its metrics', () => {
    const record = JSON.parse(write('ndjson', event)) as Record<string, unknown>;
    assert.deepEqual(record, {
      run_id: 'run',
      phase_id: 'phase',
      timestamp: '2025-12-24T00:50:52.799Z',
      category: 'implementation',
      complexity: 'low',
      deliverable_count: 2,
      deliverables: ['src/a.py', 'tests/test_a.py'],
      predicted_output_tokens: 7020,
      actual_output_tokens: 3788,
      selected_budget: 8424,
      actual_max_tokens: null,
      success: true,
      truncated: false,
      stop_reason: 'end_turn',
      model: 'claude-sonnet-4-5',
      // As Autopack stored them for the same event: 59.8075499629904 and 1.8532206969377.
      smape_percent: (200 * 3232) / 10_808,
      waste_ratio: 7020 / 3788,
      underestimated: false,
    });
    assert.deepEqual(Object.keys(record).slice(0, 3), ['run_id', 'phase_id', 'timestamp']);
  });

  it('NDJSON is one record a line, with null for what is not known', () => {
    const lines = write('ndjson', event, { ...event, actual: null, timestamp: null }).split('\n');
    assert.equal(lines.length, 3);
    const { smape_percent, waste_ratio, underestimated, timestamp } = JSON.parse(lines[1] ?? '') as Record<
      string,
      unknown
    >;
    assert.deepEqual([smape_percent, waste_ratio, underestimated, timestamp], [null, null, null, null]);
  });

  it('CSV reads back as it was written but for secrets, whatever is in the text, and holds no formula', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '@', 'a') }),
    );
    fc.assert(
      fc.property(text, text, fc.array(text), (runId, phaseId, deliverables) => {
        const [head, row, ...rest] = readCsv(write('csv', { ...event, runId, phaseId, deliverables }));
        assert.equal(head?.length, 18);
        assert.equal(row?.length, 18);
        assert.equal(rest.length, 0);
        for (const [at, original] of [
          [0, maskSecrets(runId)],
          [1, maskSecrets(phaseId)],
          [6, deliverables.map(maskSecrets).join('\n')],
        ] as const) {
          const read: string = row[at] ?? '';
          assert.doesNotMatch(read, /^[=+\-@\t\r\n]/);
          assert.equal(read.replace(/^'(?=[=+\-@\t\r\n])/, ''), original.replace(/^'(?=[=+\-@\t\r\n])/, ''));
        }
      }),
    );
  });

  it('OTLP has a span for each call under the names of the GenAI conventions', () => {
    const { resourceSpans } = JSON.parse(
      write('otlp', event, { ...event, eventId: 8, stopReason: null }),
    ) as {
      resourceSpans: {
        scopeSpans: {
          spans: {
            traceId: string;
            spanId: string;
            name: string;
            startTimeUnixNano: string;
            attributes: { key: string; value: object }[];
          }[];
        }[];
      }[];
    };
    const spans = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    const [first, second] = spans;
    const attributes = Object.fromEntries((first?.attributes ?? []).map(({ key, value }) => [key, value]));
    assert.equal(first?.name, 'chat claude-sonnet-4-5');
    assert.equal(first.startTimeUnixNano, '1766537452799000000');
    assert.deepEqual(attributes['gen_ai.usage.output_tokens'], { intValue: '3788' });
    assert.deepEqual(attributes['gen_ai.request.max_tokens'], { intValue: '8424' });
    assert.deepEqual(attributes['gen_ai.request.model'], { stringValue: 'claude-sonnet-4-5' });
    assert.deepEqual(attributes['gen_ai.provider.name'], { stringValue: 'anthropic' });
    assert.deepEqual(attributes['gen_ai.response.finish_reasons'], {
      arrayValue: { values: [{ stringValue: 'end_turn' }] },
    });
    assert.ok(second !== undefined);
    assert.equal(
      second.attributes.some(({ key }) => key === 'gen_ai.response.finish_reasons'),
      false,
    );
    assert.match(first.traceId, /^[0-9a-f]{32}$/);
    assert.match(first.spanId, /^[0-9a-f]{16}$/);
    assert.equal(first.traceId, second.traceId);
    assert.notEqual(first.spanId, second.spanId);
    assert.equal(write('otlp', event), write('otlp', event));
  });

  it('OTLP leaves out times and counts that its 64 bits do not hold exactly', () => {
    interface Span {
      readonly startTimeUnixNano?: string;
      readonly endTimeUnixNano?: string;
      readonly attributes: readonly {
        readonly key: string;
        readonly value: { readonly intValue?: string };
      }[];
    }
    const spanOf = (but: Partial<TelemetryEvent>): Span => {
      const { resourceSpans } = JSON.parse(write('otlp', { ...event, ...but })) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      const [span] = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
      assert.ok(span !== undefined);
      return span;
    };
    const last = Date.UTC(2262, 3, 11, 23, 47, 16, 854);
    const times: readonly (readonly [number | null, string | undefined])[] = [
      ...([null, NaN, Infinity, -1, -8.64e15, 0, last + 1, 8.64e15] as const).map(
        (time) => [time, undefined] as const,
      ),
      [1, '1000000'],
      [1.9, '1000000'],
      [last, '9223372036854000000'],
    ];
    for (const [timestamp, expected] of times) {
      const { startTimeUnixNano, endTimeUnixNano } = spanOf({ timestamp });
      assert.deepEqual([startTimeUnixNano, endTimeUnixNano], [expected, expected], String(timestamp));
    }
    const counts: readonly (readonly [number, string | undefined])[] = [
      [2 ** 53 - 1, '9007199254740991'],
      [2 ** 53, undefined],
      [1e21, undefined],
      [Infinity, undefined],
      [NaN, undefined],
      [-5, '-5'],
    ];
    for (const [actual, expected] of counts) {
      const found = spanOf({ actual }).attributes.find(({ key }) => key === 'gen_ai.usage.output_tokens');
      assert.equal(found?.value.intValue, expected, String(actual));
    }
  });

  it('OTLP tells the conditions of a filter in its resource, and none without', () => {
    const resource = (...conditions: FilterCondition[]): unknown => {
      const { head, tail } = eventFormat('otlp', sha256Hex, '1.2.3', conditions);
      return (JSON.parse(head + tail) as { resourceSpans: { resource: unknown }[] }).resourceSpans[0]
        ?.resource;
    };
    const service = { key: 'service.name', value: { stringValue: 'autopack' } };
    assert.deepEqual(resource(), { attributes: [service] });
    assert.deepEqual(resource({ name: 'category', words: 'docs' }), {
      attributes: [
        service,
        {
          key: 'autopack.export.filter',
          value: { arrayValue: { values: [{ stringValue: 'category: docs' }] } },
        },
      ],
    });
  });

  it('every format is whole without an event', () => {
    assert.equal(write('ndjson'), '');
    assert.equal(readCsv(write('csv')).length, 1);
    assert.doesNotThrow(() => void JSON.parse(write('otlp')));
  });
});
