import assert from 'node:assert/strict';
import { type FailureKind, failureKindOf } from '../../../../src/core/failures/failureKind.ts';

/** Errors of model services as their clients print them, in text and as the JSON of an answer. */
const errors: Readonly<Partial<Record<FailureKind['name'], readonly string[]>>> = {
  authentication: [
    `anthropic.AuthenticationError: Error code: 401 - {'type': 'error', 'error': {'type': 'authentication_error', 'message': 'invalid x-api-key'}}`,
    `Error code: 400 - {'type': 'error', 'error': {'type': 'authentication_error'}}`,
    'ERROR: [p1] Builder failed: Error code: 401 - authentication_error',
    `openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-a***z.', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}`,
    '{"error":{"message":"You didn\'t provide an API key.","type":"invalid_request_error","code":"invalid_api_key"}}',
    '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}',
    'google.api_core.exceptions.Unauthenticated: 401 Request had invalid authentication credentials.',
    '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
    'botocore.errorfactory.UnrecognizedClientException: An error occurred (UnrecognizedClientException) when calling the InvokeModel operation: The security token included in the request is invalid',
    'botocore.exceptions.NoCredentialsError: Unable to locate credentials',
    '{"error":{"message":"No auth credentials found","code":401}}',
    'TypeError: "Could not resolve authentication method. Expected either api_key or auth_token to be set."',
    'openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable',
    'ERROR: ANTHROPIC_API_KEY is not set',
    'HTTP 401: Unauthorized',
  ],
  permission: [
    `Error code: 403 - {'type': 'error', 'error': {'type': 'permission_error', 'message': 'Your API key does not have permission'}}`,
    '{"error":{"code":403,"message":"denied","status":"PERMISSION_DENIED"}}',
    "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.",
    `openai.PermissionDeniedError: Error code: 403 - {'error': {'code': 'unsupported_country_region_territory'}}`,
  ],
  quota: [
    `Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'Your credit balance is too low to access the Anthropic API.'}}`,
    `openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}`,
    '{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}',
    '{"error":{"message":"This request requires more credits, or fewer max_tokens.","code":402}}',
    'An error occurred (ServiceQuotaExceededException) when calling the InvokeModel operation',
    '{"error":{"type":"billing_error","message":"x"}}',
  ],
  'rate-limit': [
    `anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'This request would exceed the rate limit of 40,000 input tokens per minute.'}}`,
    `openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000', 'code': 'rate_limit_exceeded'}}`,
    '{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}',
    'google.api_core.exceptions.ResourceExhausted: 429 Resource has been exhausted',
    'botocore.errorfactory.ThrottlingException: An error occurred (ThrottlingException) when calling the InvokeModel operation (reached max retries: 4): Too many requests',
    'Requests have exceeded call rate limit of your current pricing tier. Please retry after 26 seconds.',
    '{"object":"error","message":"Service tier capacity exceeded for this model.","code":"3505"}',
    'HTTP 429',
    'status: 429',
  ],
  overloaded: [
    'Error code: 529 - overloaded_error',
    `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`,
    `anthropic.InternalServerError: Error code: 500 - {'type': 'error', 'error': {'type': 'api_error', 'message': 'Internal server error'}}`,
    `openai.InternalServerError: Error code: 503 - {'error': {'message': 'The engine is currently overloaded, please try again later'}}`,
    '{"error":{"code":503,"message":"The model is busy.","status":"UNAVAILABLE"}}',
    'google.api_core.exceptions.DeadlineExceeded: 504 Deadline Exceeded',
    'An error occurred (ServiceUnavailableException) when calling the Converse operation',
    'anthropic.APITimeoutError: Request timed out.',
    'HTTP/1.1 502 Bad Gateway',
    'status 503',
    'HTTP 500',
  ],
  'context-length': [
    `Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'prompt is too long: 208310 tokens > 200000 maximum'}}`,
    `openai.BadRequestError: Error code: 400 - {'error': {'message': "This model's maximum context length is 8192 tokens.", 'code': 'context_length_exceeded'}}`,
    '{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}',
    'An error occurred (ValidationException) when calling the InvokeModel operation: Input is too long for requested model.',
    'Error code: 413 - request_too_large',
  ],
  'content-policy': [
    `Error code: 400 - {'error': {'code': 'content_filter', 'message': "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."}}`,
    'Output blocked by content filtering policy',
  ],
  'model-not-found': [
    `openai.NotFoundError: Error code: 404 - {'error': {'message': 'The model gpt-9 does not exist or you do not have access to it.', 'code': 'model_not_found'}}`,
    `Error code: 404 - {'type': 'error', 'error': {'type': 'not_found_error', 'message': 'model: claude-9'}}`,
    '{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1beta","status":"NOT_FOUND"}}',
    "ollama._types.ResponseError: model 'llama9' not found, try pulling it first",
    'An error occurred (ValidationException): The provided model identifier is invalid.',
  ],
  'invalid-request': [
    'ERROR: [p1] Builder failed: Error code: 400 - invalid_request_error',
    `openai.BadRequestError: Error code: 400 - {'error': {'message': "Unsupported parameter: 'max_tokens'"}}`,
    '{"error":{"code":400,"message":"Invalid JSON payload","status":"INVALID_ARGUMENT"}}',
    'openai.UnprocessableEntityError: Error code: 422 - x',
  ],
  'api-server': [
    'ERROR: Failed to start API server: [Errno 98] Address already in use',
    'API server failed to start within 30 seconds (log: x)',
    'ERROR: Cannot proceed without API server. Exiting.',
  ],
  migrations: [
    'autopack.exceptions.DatabaseError: Database migration failed: (sqlite3.OperationalError) table users already exists',
  ],
  interpreter: [
    '/bin/sh: 1: python3: not found',
    'env: ‘python3’: No such file or directory',
    'Python was not found; run without arguments to install from the Microsoft Store',
    "python: can't open file '/w/scripts/drain_one_phase.py': [Errno 2] No such file or directory",
    "FileNotFoundError: [Errno 2] No such file or directory: '/w/.venv/bin/python'",
    'Exit code 127 (command not found), no output that says why.',
  ],
  'import-error': [
    "ModuleNotFoundError: No module named 'autopack'",
    "ERROR: ImportError: cannot import name 'x' from 'autopack'",
    'SyntaxError: invalid syntax (database.py, line 3)',
  ],
  connection: [
    'requests.exceptions.ConnectionError: Connection reset by peer',
    'connect ECONNREFUSED 127.0.0.1:8000',
    'anthropic.APIConnectionError: Connection error.',
    'httpx.ConnectTimeout: timed out',
    'socket.gaierror: [Errno -3] Temporary failure in name resolution',
    '[WinError 10061] No connection could be made because the target machine actively refused it',
  ],
  'database-locked': ['sqlite3.OperationalError: database is locked'],
};

describe('failureKindOf', () => {
  for (const [name, texts] of Object.entries(errors)) {
    for (const text of texts) {
      it(`takes ${text.slice(0, 90)} for ${name}`, () => assert.equal(failureKindOf(text)?.name, name));
    }
  }

  it('says what to do, in one sentence', () => {
    for (const [text = ''] of Object.values(errors)) {
      const kind = failureKindOf(text);
      assert.match(kind?.advice ?? '', /^[A-Z].*\.$/);
      assert.ok(text.includes(kind?.evidence ?? '?'));
    }
  });

  it('stops for what no phase can get around, tries again what passes, and fails the rest', () => {
    const treatments = Object.entries(errors).map(([name, [text = '']]) => [
      name,
      failureKindOf(text)?.treatment,
    ]);
    assert.deepEqual(Object.fromEntries(treatments), {
      authentication: 'stop',
      permission: 'stop',
      quota: 'stop',
      'rate-limit': 'retry',
      overloaded: 'retry',
      connection: 'retry',
      'database-locked': 'retry',
      'context-length': 'fail',
      'content-policy': 'fail',
      'invalid-request': 'fail',
      'model-not-found': 'environment',
      'api-server': 'environment',
      migrations: 'environment',
      interpreter: 'environment',
      'import-error': 'environment',
    });
  });

  it('does not take talk about such failures for one', () => {
    for (const text of [
      'FAILED tests/test_rate_limiter.py::test_blocks - assert 429 == 200',
      'E       assert 401 == 200',
      'ERROR tests/test_auth.py::test_authentication_error',
      '429 tests failed',
      'operator overload is missing',
      'PATCH_FAILED',
      'Deliverables missing: docs/401.md',
      'error: patch failed: src/rate_limit.py:401',
      "ERROR collecting tests/test_x.py - ModuleNotFoundError: No module named 'x'",
    ]) {
      assert.equal(failureKindOf(text), null, text);
    }
  });
});
