import assert from 'node:assert/strict';
import { finishKind, isAtLimit, type FinishKind } from '../../../../src/core/model/finishReason.ts';
import { sampleQualities } from '../../../../src/core/telemetry/samples/sampleQuality.ts';
import { listSuspects } from '../../../../src/core/telemetry/samples/suspects.ts';
import { sample, samplesOf } from '../telemetry/sampleFixtures.ts';

/** By provider, as their references spell them. */
const spellings: Readonly<Record<string, Partial<Record<FinishKind, readonly string[]>>>> = {
  'OpenAI Chat Completions': {
    complete: ['stop'],
    'cut-off': ['length'],
    unfinished: ['content_filter'],
    'tool-call': ['tool_calls', 'function_call'],
  },
  'OpenAI Responses': {
    complete: ['completed'],
    'cut-off': ['incomplete', 'max_output_tokens', 'incomplete: max_output_tokens'],
    unfinished: ['failed', 'cancelled', 'in_progress', 'incomplete: content_filter', 'refusal'],
  },
  'OpenAI for .NET': { complete: ['Stop'], 'cut-off': ['Length'], unfinished: ['ContentFilter'] },
  Azure: {
    complete: ['Stopped', 'CompletionsFinishReason.Stopped'],
    'cut-off': ['TokenLimitReached'],
    unfinished: ['ContentFiltered'],
    'tool-call': ['ToolCalls', 'FunctionCall'],
  },
  Anthropic: {
    complete: ['end_turn', 'stop_sequence'],
    'cut-off': ['max_tokens', 'model_context_window_exceeded'],
    unfinished: ['refusal', 'pause_turn'],
    'tool-call': ['tool_use'],
  },
  Gemini: {
    complete: ['STOP', 'FinishReason.STOP', 'FINISH_REASON_STOP', '1'],
    'cut-off': ['MAX_TOKENS', 'FinishReason.MAX_TOKENS', '<FinishReason.MAX_TOKENS: 2>', '2'],
    unfinished: [
      ...['SAFETY', 'RECITATION', 'LANGUAGE', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', '3'],
      ...['MALFORMED_FUNCTION_CALL', 'IMAGE_SAFETY', 'UNEXPECTED_TOOL_CALL', 'MODEL_ARMOR'],
    ],
    none: ['FINISH_REASON_UNSPECIFIED', '0'],
  },
  Mistral: { complete: ['stop'], 'cut-off': ['length', 'model_length'], unfinished: ['error'] },
  Cohere: {
    complete: ['COMPLETE', 'STOP_SEQUENCE'],
    'cut-off': ['MAX_TOKENS', 'ERROR_LIMIT'],
    unfinished: ['ERROR', 'ERROR_TOXIC', 'USER_CANCEL', 'TIMEOUT'],
    'tool-call': ['TOOL_CALL'],
  },
  Bedrock: {
    complete: ['end_turn', 'FINISH', 'FINISHED', 'STOP_CRITERIA_MET', 'endoftext'],
    'cut-off': ['max_tokens', 'LENGTH'],
    unfinished: ['guardrail_intervened', 'content_filtered', 'CONTENT_FILTERED', 'malformed_tool_use'],
    'tool-call': ['tool_use'],
  },
  watsonx: {
    complete: ['EOS_TOKEN'],
    'cut-off': ['TOKEN_LIMIT', 'NOT_FINISHED'],
    unfinished: ['TIME_LIMIT', 'CANCELLED'],
  },
  Ollama: { complete: ['stop'], 'cut-off': ['length'], unfinished: ['load', 'unload'] },
  'llama.cpp': {
    complete: ['eos', 'word', 'stopped_eos'],
    'cut-off': ['limit', 'stopped_limit'],
    none: ['none'],
  },
  'vLLM and SGLang': { complete: ['stop'], 'cut-off': ['length'], unfinished: ['abort'] },
  'text-generation-inference': { complete: ['eos_token'], 'cut-off': ['length'] },
  Groq: { complete: ['stop'], 'cut-off': ['length'], 'tool-call': ['tool_calls'] },
  DeepSeek: { 'cut-off': ['length'], unfinished: ['insufficient_system_resource'] },
  xAI: { complete: ['REASON_STOP'], 'cut-off': ['REASON_MAX_LEN', 'REASON_MAX_CONTEXT'] },
  Zhipu: { unfinished: ['sensitive', 'network_error'] },
  'Aleph Alpha': { complete: ['end_of_text'], 'cut-off': ['maximum_tokens'] },
  'Vercel AI SDK': {
    'cut-off': ['length'],
    unfinished: ['content-filter', 'other'],
    'tool-call': ['tool-calls'],
  },
  'other writings': {
    'cut-off': ['"max_tokens"', ' Max Tokens ', 'maxTokens', 'stop_reason=length', 'StopReason.max_tokens'],
    none: ['', 'None', 'null', 'unknown'],
    unknown: ['max', 'validation_error', 'tokens'],
  },
};

describe('finish reason', () => {
  for (const [provider, kinds] of Object.entries(spellings)) {
    it(`is known in the spellings of ${provider}`, () => {
      for (const [kind, reasons] of Object.entries(kinds)) {
        assert.deepEqual(
          reasons.map((reason) => [reason, finishKind(reason)]),
          reasons.map((reason) => [reason, kind]),
        );
      }
    });
  }

  it('is none where none is stored', () => {
    assert.equal(finishKind(null), 'none');
  });

  it('puts a sample into its class whatever the flag says', () => {
    const cases = [
      [{ finish: 'complete' }, 'clean'],
      [{ finish: 'unknown' }, 'clean'],
      [{ finish: 'cut-off' }, 'truncated'],
      [{ finish: 'complete', actual: 1200, limit: 1200 }, 'truncated'],
      [{ finish: 'complete', actual: 1199, limit: 1200 }, 'clean'],
      [{ finish: 'tool-call', actual: 1199, limit: 1200 }, 'clean'],
      [{ finish: 'tool-call', actual: 1200, limit: 1200 }, 'suspect'],
      [{ finish: 'unfinished' }, 'suspect'],
      [{ finish: 'unfinished', truncated: true }, 'suspect'],
      [{ finish: 'cut-off', success: false }, 'failed'],
      [{ finish: 'none' }, 'suspect'],
    ] as const;
    for (const [but, expected] of cases) {
      const samples = samplesOf(sample(but));
      assert.equal(sampleQualities[samples.quality[0] ?? -1], expected, JSON.stringify(but));
      const reason = { unfinished: 'unfinished', 'tool-call': 'unfinished', none: 'no-stop-reason' };
      if (expected !== 'suspect') continue;
      assert.deepEqual(listSuspects(samples, 1)[0]?.reasons, [reason[but.finish]]);
    }
  });

  it('is at the limit by the limit sent, and by the budget only where it is met exactly', () => {
    const cases: readonly (readonly [number, number, number, boolean])[] = [
      [8192, 8192, 4096, true],
      [9000, 8192, 4096, true],
      [4096, 8192, 4096, false],
      [8192, NaN, 8192, true],
      [8193, NaN, 8192, false],
      [0, 0, 0, false],
      [5, NaN, NaN, false],
      [NaN, 8192, 8192, false],
    ];
    for (const [actual, sent, budget, expected] of cases)
      assert.equal(isAtLimit(actual, sent, budget), expected, `${actual} ${sent} ${budget}`);
  });
});
