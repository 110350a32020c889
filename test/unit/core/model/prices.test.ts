import assert from 'node:assert/strict';
import {
  callCost,
  outputPrice,
  parsePriceList,
  planCost,
  priceOfModel,
  shippedPrices,
  type PriceList,
} from '../../../../src/core/model/prices.ts';
import { formatDollars } from '../../../../src/core/text/quantities.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { totalCost, type ModelUsage } from '../../../../src/core/model/modelCall.ts';

const openAi = 'api.openai.com';

function usage(uncachedInput: number, output: number, more: Partial<ModelUsage> = {}): ModelUsage {
  return {
    ...{ input: uncachedInput, uncachedInput, cachedInput: 0, cacheWrite: 0, output, reasoning: 0 },
    source: 'reported',
    ...more,
  };
}

function shippedPrice(host: string, model: string): NonNullable<ReturnType<typeof priceOfModel>> {
  const price = priceOfModel([shippedPrices], host, model);
  assert.ok(price !== null, model);
  return price;
}

describe('prices', () => {
  it('finds a model by its name with a date or version behind it, and by the longest name', () => {
    for (const [model, input] of [
      ['gpt-5', 1.25],
      ['gpt-5-2025-08-07', 1.25],
      ['gpt-5-mini', 0.25],
      ['gpt-5-mini-2025-08-07', 0.25],
      ['GPT-4o-2024-08-06', 2.5],
      ['gpt-4o-mini', 0.15],
    ] as const) {
      assert.equal(shippedPrice(openAi, model).input, input, model);
    }
    assert.equal(shippedPrice('api.anthropic.com', 'claude-haiku-4-5-20251001').input, 1);
    assert.equal(shippedPrice('generativelanguage.googleapis.com', 'models/gemini-3.1-pro-preview').input, 2);
  });

  it('has no price for another model of the family, nor for a name that only begins like one', () => {
    for (const model of ['gpt-5.9', 'gpt-5-super', 'gpt-50', 'gpt', 'claude-opus-5', 'o3-deep-research'])
      assert.equal(priceOfModel([shippedPrices], openAi, model), null, model);
    assert.equal(priceOfModel([shippedPrices], 'api.anthropic.com', 'claude-opus-5-7'), null);
  });

  it('has no shipped price for what another host serves under the same name', () => {
    for (const host of ['localhost:11434', 'openrouter.ai', 'api.openai.com.example.com', '127.0.0.1:8000'])
      assert.equal(priceOfModel([shippedPrices], host, 'gpt-5'), null, host);
  });

  it('takes the price of a file of the user before the shipped one, and a local server for nothing where it says so', () => {
    const own = parsePriceList(
      JSON.stringify({
        date: '2026-11-20',
        hosts: {
          'localhost:11434': { models: { '*': { input: 0, output: 0 } } },
          '*': { models: { 'gpt-5': { input: 1, output: 9 } } },
        },
      }),
      'prices.json',
    );
    const local = priceOfModel([own, shippedPrices], 'localhost:11434', 'llama3.3:70b');
    assert.ok(local !== null);
    assert.equal(totalCost(callCost(usage(1e6, 1e6), local)), 0);
    const gpt5 = priceOfModel([own, shippedPrices], openAi, 'gpt-5-2025-08-07');
    assert.deepEqual([gpt5?.input, gpt5?.output, gpt5?.date], [1, 9, '2026-11-20']);
    assert.equal(priceOfModel([own, shippedPrices], openAi, 'gpt-5-mini')?.input, 0.25);
  });

  it('prices output of a model that is known by its name alone, where hosts agree and none means every model', () => {
    const list = (hosts: PriceList['hosts']): PriceList => ({ date: '2026-11-20', hosts });
    const of = (output: number) => ({ input: 1, output });
    assert.equal(outputPrice([shippedPrices], 'claude-sonnet-4-5-20250929'), 15);
    for (const model of ['claude', 'unknown', 'gpt']) assert.equal(outputPrice([shippedPrices], model), null);
    const local = list({ 'localhost:11434': { models: { '*': of(0), 'my-model': of(0) } } });
    assert.equal(outputPrice([local, shippedPrices], 'claude-sonnet-4-5'), 15);
    assert.equal(outputPrice([local, shippedPrices], 'my-model'), 0);
    const two = list({ a: { models: { m: of(2) } }, b: { models: { m: of(3), n: of(4) } } });
    assert.deepEqual([outputPrice([two], 'm'), outputPrice([two], 'n')], [null, 4]);
    assert.equal(outputPrice([list({ '*': { models: { '*': of(7) } } })], 'any'), 7);
  });

  it('charges each kind of token by its own price, and reasoning as output', () => {
    const price = shippedPrice('api.anthropic.com', 'claude-sonnet-4-6');
    const cost = callCost(usage(1e6, 3e6, { cachedInput: 2e6, cacheWrite: 1e6, reasoning: 1e6 }), price);
    assert.deepEqual(cost, { input: 3, cached: 0.6, cacheWrite: 3.75, output: 30, reasoning: 15 });
  });

  it('charges a whole call by the price of long prompts where its prompt is one, cached input counted', () => {
    const price = shippedPrice(openAi, 'gpt-5.4');
    assert.equal(callCost(usage(272_000, 0), price).input, 0.272 * 2.5);
    const long = callCost(usage(200_000, 1e6, { cachedInput: 72_001 }), price);
    assert.equal(long.input, 0.2 * 5);
    assert.equal(long.output, 22.5);
  });

  it('charges what has no price of its own as input', () => {
    const price = { input: 2, output: 4, date: '2026-01-01' };
    const cost = callCost(usage(0, 0, { cachedInput: 1e6, cacheWrite: 1e6 }), price);
    assert.deepEqual([cost.cached, cost.cacheWrite], [2, 2]);
  });

  it('plans what is expected and the most it can cost, with all calls, full answers and the answers before in the prompt', () => {
    const price = { input: 1, cacheWrite: 2, output: 10, date: '2026-01-01' };
    const plan = planCost([{ input: 1e6, predicted: 1e5, limit: 1e6, mostCalls: 2 }], price);
    assert.equal(plan.expected, 1 + 1);
    // First: 1 M input written to the cache, 1 M output. Second: 2 M and 1 M.
    assert.equal(plan.most, 2 + 10 + (4 + 10));
    assert.deepEqual(planCost([], price), { expected: 0, most: 0 });
  });

  it('never plans less at most than any calls within the limits cost', () => {
    const price = shippedPrice('api.anthropic.com', 'claude-haiku-5-5');
    const { most } = planCost([{ input: 90_000, predicted: 10, limit: 64_000, mostCalls: 3 }], price);
    const real = [0, 1, 2].reduce(
      (sum, before) => sum + totalCost(callCost(usage(90_000 + before * 64_000, 64_000), price)),
      0,
    );
    assert.ok(most >= real, `${most} < ${real}`);
  });

  it('shows costs so that a small one is not nothing', () => {
    assert.deepEqual([0, 0.0123, 0.00001, 1.2, 1234.5, 0.99999, 1234567.891].map(formatDollars), [
      '$0.00',
      '$0.0123',
      '< $0.0001',
      '$1.20',
      '$1,234.50',
      '$1.00',
      '$1,234,567.89',
    ]);
  });

  it('says what is wrong with a file, and where', () => {
    const wrong: readonly (readonly [json: string, says: RegExp])[] = [
      ['{', /is not JSON/],
      ['[]', /prices\.json is wrong/],
      ['{"hosts":{}}', /at date/],
      ['{"date":"yesterday","hosts":{}}', /at date: .*2026-11-06/],
      [
        '{"date":"2026-01-01","hosts":{"x":{"models":{"m":{"input":-1,"output":1}}}}}',
        /hosts > x > models > m > input/,
      ],
      ['{"date":"2026-01-01","hosts":{"x":{"models":{"m":{"input":1}}}}}', /m > output/],
      ['{"date":"2026-01-01","hosts":{"x":{"models":{"m":{"input":1,"ouput":1,"output":1}}}}}', /ouput/],
    ];
    for (const [json, says] of wrong) {
      assert.throws(
        () => parsePriceList(json, 'prices.json'),
        (error) =>
          error instanceof UserFacingError &&
          error.code === 'invalid-argument' &&
          says.test(error.message) &&
          error.nextStep.includes('localhost:11434'),
        json,
      );
    }
    assert.doesNotThrow(() => parsePriceList(`\ufeff${JSON.stringify(shippedPrices)}`, 'copy.json'));
  });

  it('ships prices with a date and a source of each host, none of which is odd', () => {
    const list: PriceList = shippedPrices;
    for (const [host, { source, models }] of Object.entries(list.hosts)) {
      assert.ok((source ?? '').length > 0, host);
      for (const [model, { input, cached = input, output }] of Object.entries(models)) {
        assert.ok(cached <= input && input <= output, model);
      }
    }
  });
});
