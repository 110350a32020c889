import type { ModelErrorKind } from '../../../../src/core/builders/modelPort.ts';

/** An error as OpenAI words it. */
export const openAiError = (type: string, code: string | null, message: string): string =>
  JSON.stringify({ error: { message, type, param: null, code } });
const anthropicError = (type: string, message: string): string =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' });

/** Answers as services give them, by what they mean. */
export const failedAnswers: readonly (readonly [kind: ModelErrorKind, status: number, body: string])[] = [
  [
    'wrong-key',
    401,
    openAiError('invalid_request_error', 'invalid_api_key', 'Incorrect API key provided: sk-abc***xyz.'),
  ],
  ['wrong-key', 401, anthropicError('authentication_error', 'invalid x-api-key')],
  ['wrong-key', 401, ''],
  [
    'wrong-key',
    400,
    '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
  ],
  ['wrong-key', 403, '{"error":"Invalid API key"}'],
  [
    'no-access',
    403,
    anthropicError(
      'permission_error',
      'Your API key does not have permission to use the specified resource.',
    ),
  ],
  [
    'no-access',
    403,
    openAiError(
      'request_forbidden',
      'unsupported_country_region_territory',
      'Country, region, or territory not supported',
    ),
  ],
  ['no-access', 403, ''],
  [
    'quota',
    402,
    '{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}',
  ],
  [
    'quota',
    402,
    '{"error":{"message":"This request requires more credits, or fewer max_tokens.","code":402}}',
  ],
  [
    'quota',
    429,
    openAiError(
      'insufficient_quota',
      'insufficient_quota',
      'You exceeded your current quota, please check your plan and billing details.',
    ),
  ],
  [
    'quota',
    400,
    anthropicError('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
  ],
  [
    'unknown-model',
    404,
    openAiError(
      'invalid_request_error',
      'model_not_found',
      'The model `gpt-9` does not exist or you do not have access to it.',
    ),
  ],
  ['unknown-model', 404, anthropicError('not_found_error', 'model: claude-nine')],
  [
    'unknown-model',
    404,
    '{"error":{"message":"model \'llama9\' not found","type":"api_error","param":null,"code":null}}',
  ],
  ['unknown-model', 404, '{"error":"model \\"llama9\\" not found, try pulling it first"}'],
  [
    'unknown-model',
    404,
    '{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}',
  ],
  ['unknown-model', 400, '{"error":{"message":"foo/bar is not a valid model ID","code":400}}'],
  ['unknown-model', 400, '{"error":"No models loaded. Please load a model in the developer page."}'],
  ['unreachable', 404, '{"detail":"Not Found"}'],
  ['unreachable', 404, '404 page not found'],
  ['unreachable', 404, '<!DOCTYPE html><html><body>Not here</body></html>'],
  ['unreachable', 405, '{"detail":"Method Not Allowed"}'],
  [
    'rate-limit',
    429,
    openAiError(
      'tokens',
      'rate_limit_exceeded',
      'Rate limit reached for gpt-5 on tokens per min (TPM). Please try again in 1.2s.',
    ),
  ],
  [
    'rate-limit',
    429,
    anthropicError(
      'rate_limit_error',
      'This request would exceed your rate limit of 40,000 input tokens per minute',
    ),
  ],
  ['rate-limit', 429, ''],
  [
    'rate-limit',
    429,
    '[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. Please retry in 12.5s.","status":"RESOURCE_EXHAUSTED"}}]',
  ],
  [
    'context-length',
    429,
    openAiError(
      'tokens',
      'rate_limit_exceeded',
      'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.',
    ),
  ],
  ['overloaded', 529, anthropicError('overloaded_error', 'Overloaded')],
  ['overloaded', 500, anthropicError('api_error', 'Internal server error')],
  ['overloaded', 500, ''],
  ['overloaded', 502, '<html><head><title>502 Bad Gateway</title></head></html>'],
  [
    'overloaded',
    503,
    openAiError('server_error', null, 'The engine is currently overloaded, please try again later'),
  ],
  ['overloaded', 504, 'upstream request timeout'],
  ['overloaded', 524, '<!doctype html><title>A timeout occurred</title>'],
  ['overloaded', 408, ''],
  [
    'context-length',
    400,
    openAiError(
      'invalid_request_error',
      'context_length_exceeded',
      "This model's maximum context length is 8192 tokens.",
    ),
  ],
  [
    'context-length',
    400,
    anthropicError('invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
  ],
  [
    'context-length',
    400,
    anthropicError(
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
    ),
  ],
  ['context-length', 413, anthropicError('request_too_large', 'Request exceeds the maximum size')],
  [
    'context-length',
    400,
    '{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error"}}',
  ],
  [
    'context-length',
    400,
    '{"error":"The number of tokens to keep from the initial prompt is greater than the context length."}',
  ],
  [
    'context-length',
    400,
    '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. However, you requested 5000 tokens.","code":400}',
  ],
  [
    'refused',
    400,
    openAiError(
      'invalid_request_error',
      'content_filter',
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    ),
  ],
  [
    'refused',
    400,
    openAiError(
      'invalid_request_error',
      'content_policy_violation',
      'Your request was rejected by our safety system',
    ),
  ],
  [
    'invalid',
    400,
    openAiError(
      'invalid_request_error',
      'unsupported_parameter',
      "Unsupported parameter: 'max_tokens' is not supported.",
    ),
  ],
  [
    'invalid',
    400,
    anthropicError(
      'invalid_request_error',
      'max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens',
    ),
  ],
  ['invalid', 422, '{"detail":[{"loc":["body","messages"],"msg":"field required"}]}'],
  ['invalid', 400, 'nonsense'],
];
