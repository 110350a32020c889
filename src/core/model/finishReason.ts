/**
 * What a stop reason says of the output.
 * - complete: the model ended by itself or at a stop sequence.
 * - cut-off: a limit of output, context or the response ended it, so the output is a lower bound.
 * - unfinished: a refusal, a filter, a cancellation or an error ended it; its size says nothing about the work.
 * - tool-call: it ended in a call of a tool, which is whole unless it ends at the limit.
 * - counted: the reason of a call whose tokens our own builder counted, since its provider reported none.
 * - none: no reason is recorded.
 * - unknown: a word that is not in the table; nothing is concluded from it.
 */
export const finishKinds = [
  'complete',
  'cut-off',
  'unfinished',
  'tool-call',
  'counted',
  'none',
  'unknown',
] as const;

/** One of {@link finishKinds}. */
export type FinishKind = (typeof finishKinds)[number];

/**
 * The words of the providers' APIs in snake case and lower case, without prefixes of enums. Sources: the API references of
 * OpenAI (Chat Completions, Responses, Assistants) and Azure, Anthropic (Messages), Google (Gemini, Vertex AI, with the
 * numbers of the protocol buffer), Mistral, Cohere (v1, v2), Amazon Bedrock (Converse, Titan), AI21, Aleph Alpha, IBM
 * watsonx, DeepSeek, xAI, Zhipu, Groq, Together, OpenRouter, Ollama, llama.cpp, vLLM, SGLang, text-generation-inference,
 * and the Vercel AI SDK.
 */
const words: Readonly<Record<Exclude<FinishKind, 'unknown'>, readonly string[]>> = {
  complete: [
    ...['stop', 'stopped', 'end_turn', 'end', 'stop_sequence', 'stop_sequence_reached', 'stop_criteria_met'],
    ...['complete', 'completed', 'finish', 'finished', 'done', 'normal', 'success', 'succeeded', '1'],
    ...['eos', 'eos_token', 'end_of_text', 'endoftext', 'end_of_sequence', 'word', 'stop_word', 'stop_token'],
    ...['stopped_eos', 'stopped_word'],
  ],
  'cut-off': [
    ...['max_tokens', 'max_token', 'maximum_tokens', 'max_tokens_reached', 'max_output_tokens', '2'],
    ...['max_completion_tokens', 'max_new_tokens', 'max_tokens_to_sample', 'max_length', 'max_len'],
    ...['length', 'length_limit', 'length_capped', 'model_length', 'model_max_length', 'output_limit'],
    ...['limit', 'stopped_limit', 'token_limit', 'token_limit_reached', 'tokens_limit', 'error_limit'],
    ...['max_context', 'max_context_length', 'context_length', 'context_length_exceeded', 'context_window'],
    ...['model_context_window_exceeded', 'context_window_exceeded', 'max_prompt_tokens', 'truncated'],
    ...['incomplete', 'response_incomplete', 'not_finished', 'budget_exhausted'],
  ],
  unfinished: [
    ...['refusal', 'refused', 'content_filter', 'content_filtered', 'filtered', 'sensitive', 'moderation'],
    ...['safety', 'recitation', 'language', 'blocklist', 'blocked', 'prohibited_content', 'spii', 'toxic'],
    ...['model_armor', 'guardrail', 'guardrails', 'guardrail_intervened', 'error_toxic', 'policy_violation'],
    ...['image_safety', 'image_prohibited_content', 'image_recitation', 'image_other', 'no_image'],
    ...['malformed_function_call', 'malformed_tool_use', 'malformed_model_output', 'malformed_response'],
    ...['unexpected_tool_call', 'too_many_tool_calls', 'missing_thought_signature', 'other'],
    ...['rag_query_when_rag_disabled', 'pause_turn', 'in_progress', 'queued', 'requires_action'],
    ...['cancel', 'canceled', 'cancelled', 'user_cancel', 'abort', 'aborted', 'interrupted', 'expired'],
    ...['error', 'failed', 'failure', 'network_error', 'connection_error', 'server_error', 'api_error'],
    ...['timeout', 'timed_out', 'time_limit', 'rate_limit', 'insufficient_system_resource', 'overloaded'],
    ...['load', 'unload', 'repetition', '3', '4', '5', '6', '7', '8', '9', '10', '11'],
  ],
  'tool-call': ['tool_call', 'tool_calls', 'tool_use', 'tool', 'function_call', 'function_calls', 'function'],
  counted: [],
  none: ['', 'none', 'null', 'nil', 'nan', 'undefined', 'unknown', 'unspecified', 'n_a', '0'],
};

/** What a stop reason begins with where the tokens were counted here, so that nobody takes the sample for a measured one. */
export const countedMark = 'counted';

const kindOfWord: ReadonlyMap<string, FinishKind> = new Map(
  finishKinds.flatMap((kind) =>
    kind === 'unknown' ? [] : words[kind].map((word): [string, FinishKind] => [word, kind]),
  ),
);

/** `FinishReason.MAX_TOKENS`, `FINISH_REASON_STOP`, `ChatFinishReason.Length`, `REASON_MAX_LEN`, `stop_reason: length`. */
const enumPrefix = /^(?:[a-z]+_)*?(?:finish_?reason|stop_?reason|done_?reason|completion_?reason|reason)_/;
/** `incomplete: max_output_tokens`: what follows tells more than the status. */
const statusPrefix = /^(?:response_)?(?:incomplete|status_incomplete)_(?:details_)?(?:reason_)?/;

/** What a stop reason as stored says, in any provider's spelling: case, separators, quotes and an enum's name do not matter. */
export function finishKind(stored: string | null): FinishKind {
  const word = (stored ?? '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (stored?.startsWith(countedMark) === true) return 'counted';
  const bare = word.replace(enumPrefix, '');
  for (const form of [word, bare, bare.replace(/_\d+$/, ''), word.replace(statusPrefix, '')]) {
    const kind = kindOfWord.get(form);
    if (kind !== undefined) return kind;
  }
  return 'unknown';
}

/**
 * Whether an output reached its limit; `sent` is the limit that was sent with the call, `budget` the one chosen before, both
 * in tokens and NaN where not known. Where only the budget is known, only exactly that size is at the limit: an output
 * above it shows that another limit was sent.
 */
export function isAtLimit(actual: number, sent: number, budget: number): boolean {
  return sent > 0 ? actual >= sent : budget > 0 && actual === budget;
}
