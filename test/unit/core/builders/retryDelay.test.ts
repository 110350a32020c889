import assert from 'node:assert/strict';
import { retryDelayOf } from '../../../../src/core/builders/retryDelay.ts';

const now = Date.parse('2026-11-20T10:00:00Z');
const day = 24 * 3600 * 1000;

describe('the delay that a server asks for', () => {
  const cases: readonly (readonly [
    headers: Readonly<Record<string, string>>,
    body: string,
    ms: number | null,
  ])[] = [
    [{ 'retry-after-ms': '1500', 'retry-after': '60' }, '', 1500],
    [{ 'retry-after': '7' }, '', 7000],
    [{ 'retry-after': '0.25' }, '', 250],
    [{ 'retry-after': '0' }, '', 0],
    [{ 'retry-after': 'Fri, 20 Nov 2026 10:00:09 GMT' }, '', 9000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, '', 0],
    [{ 'retry-after': '-5' }, '', null],
    [{ 'retry-after': 'soon' }, '', null],
    [{ 'retry-after': '' }, '', null],
    [{ 'retry-after': '999999999' }, '', day],
    [{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-remaining-requests': '5' }, '', 1000],
    [
      {
        ...{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-remaining-requests': '9' },
        ...{ 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '0' },
      },
      '',
      360_000,
    ],
    [
      {
        ...{ 'x-ratelimit-reset-requests': '2m59.56s', 'x-ratelimit-remaining-requests': '14370' },
        ...{ 'x-ratelimit-reset-tokens': '7.66s', 'x-ratelimit-remaining-tokens': '17' },
      },
      '',
      7660,
    ],
    [{ 'x-ratelimit-reset-tokens': '120ms' }, '', 120],
    [{ 'x-ratelimit-reset-tokens': '1h2m3s' }, '', 3_723_000],
    [
      {
        'anthropic-ratelimit-output-tokens-remaining': '0',
        'anthropic-ratelimit-output-tokens-reset': '2026-11-20T10:00:30Z',
      },
      '',
      30_000,
    ],
    [{ 'x-ratelimit-reset': String(now + 2500) }, '', 2500],
    [{ 'x-ratelimit-reset': String(now / 1000 + 4) }, '', 4000],
    [{ 'x-ratelimit-reset': '12' }, '', 12_000],
    [{}, '{"error":{"details":[{"@type":"RetryInfo","retryDelay":"12.5s"}]}}', 12_500],
    [{}, 'Rate limit reached. Please try again in 1.242s. Visit', 1242],
    [{}, 'Please try again in 20ms.', 20],
    [{}, 'Please retry in 1m2.5s.', 62_500],
    [{}, 'try again later', null],
    [{}, '', null],
  ];
  for (const [headers, body, ms] of cases) {
    it(`${JSON.stringify(headers)} ${body}`, () => {
      assert.equal(
        retryDelayOf((name) => headers[name] ?? null, body, now),
        ms,
      );
    });
  }
});
