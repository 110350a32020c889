import assert from 'node:assert/strict';
import {
  anthropicUsage,
  countedUsage,
  estimateTokens,
  openAiUsage,
} from '../../../../src/core/builders/modelUsage.ts';

/** uncached, cached, written, output, reasoning and input as reported. */
type Figures = readonly [number, number, number, number, number, number];

function figures(usage: ReturnType<typeof openAiUsage>): Figures | null {
  if (usage === null) return null;
  const { uncachedInput, cachedInput, cacheWrite, output, reasoning, input } = usage;
  return [uncachedInput, cachedInput, cacheWrite, output, reasoning, input];
}

describe('the usage that a server reports', () => {
  const openAi: readonly (readonly [name: string, reported: unknown, expected: Figures | null])[] = [
    ['plain', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, [10, 0, 0, 5, 0, 10]],
    [
      'cached input and reasoning inside (OpenAI)',
      {
        ...{ prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 40 },
      },
      [40, 60, 0, 50, 40, 100],
    ],
    [
      'reasoning beside (xAI)',
      {
        ...{ prompt_tokens: 100, completion_tokens: 5, total_tokens: 145 },
        completion_tokens_details: { reasoning_tokens: 40 },
      },
      [100, 0, 0, 45, 40, 100],
    ],
    [
      'reasoning beside without details (Gemini)',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 200 },
      [10, 0, 0, 190, 185, 10],
    ],
    [
      'reasoning larger than the completion, without a total',
      { prompt_tokens: 10, completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 30 } },
      [10, 0, 0, 35, 30, 10],
    ],
    [
      'cache hits beside the details (DeepSeek)',
      { prompt_tokens: 100, completion_tokens: 5, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
      [36, 64, 0, 5, 0, 100],
    ],
    [
      'cached beside the details (Moonshot)',
      { prompt_tokens: 9, completion_tokens: 5, cached_tokens: 4 },
      [5, 4, 0, 5, 0, 9],
    ],
    [
      'cache writes inside (OpenRouter)',
      {
        ...{ prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 },
        prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 20 },
      },
      [70, 10, 20, 5, 0, 100],
    ],
    [
      'cached input beside the prompt, in the total (before Anthropic)',
      {
        ...{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 },
        prompt_tokens_details: { cached_tokens: 100 },
      },
      [10, 100, 0, 5, 0, 10],
    ],
    [
      'cached input beside the prompt, not in the total',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 100 },
      },
      [10, 100, 0, 5, 0, 10],
    ],
    ['only a total and a prompt', { prompt_tokens: 10, total_tokens: 15 }, [10, 0, 0, 5, 0, 10]],
    ['only a total and a completion', { completion_tokens: 5, total_tokens: 15 }, [10, 0, 0, 5, 0, 10]],
    [
      'details that are null',
      { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: null },
      [1, 0, 0, 2, 0, 1],
    ],
    [
      'a field that is odd beside good ones',
      { prompt_tokens: 1, completion_tokens: 2, cached_tokens: 'x' },
      [1, 0, 0, 2, 0, 1],
    ],
    ['zeros', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, null],
    ['negative counts', { prompt_tokens: -1, completion_tokens: 2 }, null],
    ['fractions', { prompt_tokens: 1.5, completion_tokens: 2 }, null],
    ['numbers as texts', { prompt_tokens: '10', completion_tokens: '5' }, null],
    ['only a total', { total_tokens: 15 }, null],
    ['nothing', {}, null],
    ['no object', 5, null],
    ['null', null, null],
  ];
  for (const [name, reported, expected] of openAi) {
    it(`OpenAI: ${name}`, () => assert.deepEqual(figures(openAiUsage(reported)), expected));
  }

  const anthropic: readonly (readonly [name: string, parts: readonly unknown[], expected: Figures | null])[] =
    [
      [
        'start and delta',
        [
          { input_tokens: 25, output_tokens: 1, cache_read_input_tokens: 7, cache_creation_input_tokens: 3 },
          { output_tokens: 15 },
        ],
        [25, 7, 3, 15, 0, 25],
      ],
      [
        'cumulative counts in the delta count',
        [
          { input_tokens: 25, output_tokens: 1 },
          { input_tokens: 30, output_tokens: 15, cache_read_input_tokens: 4 },
        ],
        [30, 4, 0, 15, 0, 30],
      ],
      [
        'input that is only known at the end',
        [
          { input_tokens: 0, output_tokens: 0 },
          { input_tokens: 30, output_tokens: 15 },
        ],
        [30, 0, 0, 15, 0, 30],
      ],
      [
        'input that is zero at the end',
        [
          { input_tokens: 30, output_tokens: 1 },
          { input_tokens: 0, output_tokens: 15 },
        ],
        [30, 0, 0, 15, 0, 30],
      ],
      [
        'thinking inside of the output',
        [
          { input_tokens: 3, output_tokens: 1 },
          { output_tokens: 15, output_tokens_details: { thinking_tokens: 9 } },
        ],
        [3, 0, 0, 15, 9, 3],
      ],
      [
        'all input cached',
        [{ input_tokens: 0, cache_read_input_tokens: 9 }, { output_tokens: 4 }],
        [0, 9, 0, 4, 0, 0],
      ],
      ['zeros', [{ input_tokens: 0, output_tokens: 0 }, { output_tokens: 0 }], null],
      ['no output', [{ input_tokens: 4 }], null],
      ['nothing', [], null],
      ['no objects', [null, 'x'], null],
    ];
  for (const [name, parts, expected] of anthropic) {
    it(`Anthropic: ${name}`, () => assert.deepEqual(figures(anthropicUsage(parts)), expected));
  }

  it('is counted where none is reported, and marked so', () => {
    assert.deepEqual(
      [estimateTokens(''), estimateTokens('a'.repeat(36)), estimateTokens('日本語'), estimateTokens('a')],
      [0, 10, 3, 1],
    );
    const usage = countedUsage('a'.repeat(36), 'b'.repeat(72), 'c'.repeat(18));
    assert.deepEqual(figures(usage), [10, 0, 0, 25, 5, 10]);
    assert.equal(usage.source, 'counted');
  });
});
