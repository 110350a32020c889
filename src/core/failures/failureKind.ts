import { t } from '../text/l10n.ts';
import { stripAnsi } from '../text/printable.ts';

/** What a drain does after a failure: ends with the phase put back, tries it again after a pause, counts it for its environment, or goes on. */
export type Treatment = 'stop' | 'retry' | 'environment' | 'fail';

/** A failure whose cause is known by its words. */
export interface FailureKind {
  readonly name: (typeof kinds)[number]['name'];
  readonly treatment: Treatment;
  /** The words that show it. */
  readonly evidence: string;
  /** One sentence for a person. */
  readonly advice: string;
}

/** In this order: services put narrow causes under wide types (no credit is a 400, a wrong key an `INVALID_ARGUMENT`). */
const kinds = [
  {
    name: 'context-length',
    treatment: 'fail',
    advice: () => t`Give the phase a smaller scope, or a model with a larger context window.`,
    patterns: [
      named(
        'context_length_exceeded',
        'model_max_prompt_tokens_exceeded',
        'request_too_large',
        'string_above_max_length',
      ),
      /\bprompt is too long\b|\binput is too long\b|\bmaximum context length\b|\bcontext (?:window|length|limit)\b[^\n]{0,40}\bexceed|\bexceeds? (?:the |its |this )?(?:model'?s? )?(?:maximum )?context (?:window|length|limit)\b|\binput token count\b[^\n]{0,60}\bexceeds?\b|\btoo many (?:input )?tokens in\b|\bconversation (?:is )?too long\b|\btoken limit exceeded\b|\brequest too large for\b/i,
      status('413'),
    ],
  },
  {
    name: 'content-policy',
    treatment: 'fail',
    advice: () => t`Read what the provider objected to, and reword the phase.`,
    patterns: [
      named(
        'content_policy_violation',
        'content_filter',
        'ResponsibleAIPolicyViolation',
        'PROHIBITED_CONTENT',
      ),
      /\bcontent management policy\b|\boutput blocked by content filtering\b/i,
    ],
  },
  {
    name: 'quota',
    treatment: 'stop',
    advice: () => t`Add credit or raise the quota of the provider's account, then resume the session.`,
    patterns: [
      named(
        'insufficient_quota',
        'billing_error',
        'billing_hard_limit_reached',
        'billing_not_active',
        'InsufficientQuota',
        'ServiceQuotaExceededException',
      ),
      /\bcredit balance is too low\b|\binsufficient (?:balance|credits?|funds)\b|\bexceeded your current quota\b|\bquota exceeded for\b[^\n]{0,80}\bper ?day|\bspending limit\b|\bpayment required\b|\brequires more credits\b|\baccount is not active\b/i,
      status('402'),
    ],
  },
  {
    name: 'authentication',
    treatment: 'stop',
    advice: () => t`Set a valid API key for the model provider, then resume the session.`,
    patterns: [
      named(
        'authentication_error',
        'AuthenticationError',
        'invalid_api_key',
        'API_KEY_INVALID',
        'UNAUTHENTICATED',
        'google\\.api_core\\.exceptions\\.Unauthenticated',
        'UnrecognizedClientException',
        'ExpiredTokenException',
        'InvalidSignatureException',
        'NoCredentialsError',
        'account_deactivated',
      ),
      /\binvalid (?:x-)?api[- _](?:key|token)\b|\bincorrect api key\b|\bapi key not (?:valid|found)\b|\binvalid (?:subscription|authentication) (?:key|token|credentials)\b|\binvalid authentication\b|\bno auth credentials\b|\bcould not resolve authentication method\b|\bapi_key client option must be set\b|\bunable to locate credentials\b|\binvalid bearer token\b|\b401 unauthorized\b|\b(?:missing|no) (?:\w{1,20} )?api[ _]key\b|\b\w{2,30}_API_KEY(?: environment variable)? (?:is )?(?:not set|missing|required|not found)\b/i,
      status('401'),
    ],
  },
  {
    name: 'permission',
    treatment: 'stop',
    advice: () =>
      t`Give the key access to the model or project in the provider's console, then resume the session.`,
    patterns: [
      named(
        'permission_error',
        'PermissionDeniedError',
        'PERMISSION_DENIED',
        'AccessDeniedException',
        'unsupported_country_region_territory',
        'google\\.api_core\\.exceptions\\.PermissionDenied',
        'insufficient_permissions',
      ),
      /\byou (?:do not|don't) have access to the model\b|\buser location is not supported\b/i,
      /\berror code\W{0,4}403\b/i,
    ],
  },
  {
    name: 'model-not-found',
    treatment: 'environment',
    advice: () =>
      t`Choose a model that the provider offers to this key; every phase that uses it fails until then.`,
    patterns: [
      named('model_not_found', 'DeploymentNotFound', 'model_not_available'),
      /\bthe model\b[^\n]{0,100}\b(?:does not exist|not found)\b|\bmodels?\/\S{1,80} is not found\b|\bmodel\b[^\n]{0,80}\bnot found, try pulling\b|\bnot_found_error\b[^\n]{0,80}\bmodel\b|\bmodel identifier is invalid\b/i,
    ],
  },
  {
    name: 'rate-limit',
    treatment: 'retry',
    advice: () => t`Wait, or lower the rate of calls, then drain the phase again.`,
    patterns: [
      named(
        'rate_limit_error',
        'rate_limit_exceeded',
        'RateLimitError',
        'ThrottlingException',
        'TooManyRequestsException',
        'TooManyRequestsError',
        'RESOURCE_EXHAUSTED',
        'ResourceExhausted',
        'ModelNotReadyException',
      ),
      /\brate[- ]limit(?:ed|s)?\b(?! test|er)|\btoo many requests\b|\btokens? per min|\brequests? per min|\bexceeded (?:token|call) rate limit\b|\bservice tier capacity exceeded\b/i,
      status('429'),
    ],
  },
  {
    name: 'overloaded',
    treatment: 'retry',
    advice: () => t`Wait until the provider is up again, then drain the phase again.`,
    patterns: [
      named(
        'overloaded_error',
        'OverloadedError',
        'ServiceUnavailableError',
        'ServiceUnavailableException',
        'InternalServerException',
        'ModelTimeoutException',
        'api_error',
        'server_error',
        'internal_server_error',
        'InternalServerError',
        'DEADLINE_EXCEEDED',
        'timeout_error',
        'APITimeoutError',
        'DeadlineExceeded',
      ),
      /\boverloaded\b|\bservice (?:is )?(?:temporarily )?unavailable\b|\bserver had an error while processing\b|\bbad gateway\b|\bgateway time-?out\b|["']?status["']?\s{0,3}:\s{0,3}["'](?:UNAVAILABLE|INTERNAL)["']/i,
      status('500', '502', '503', '504', '52[0-4]', '529'),
    ],
  },
  {
    name: 'api-server',
    treatment: 'environment',
    advice: () =>
      t`Start Autopack's API server, or give its address with --api-url; every phase fails like this until then.`,
    patterns: [
      /\b(?:failed|unable) to start api server\b|\bapi server (?:failed to start|(?:is |could )?not (?:be )?(?:running|reachable|available|started|killed))\b|\bcannot (?:proceed|continue) without (?:the )?api server\b|\bapi server (?:did not become|never became) (?:ready|healthy)\b/i,
    ],
  },
  {
    name: 'migrations',
    treatment: 'environment',
    advice: () =>
      t`Drain with AUTOPACK_DB_BOOTSTRAP=1, with which Autopack adds the tables that are missing; every phase fails like this until then.`,
    patterns: [/\bdatabase migration failed\b[^\n]{0,200}\btable \S{1,80} already exists\b/i],
  },
  {
    name: 'interpreter',
    treatment: 'environment',
    advice: () =>
      t`Choose an interpreter that exists and has the packages of the executor; every phase fails like this until then.`,
    patterns: [
      /\bpython(?:3(?:\.\d{1,2})?)?(?:\.exe)?['’"]?: (?:command )?not found\b|\bpython was not found\b|\bno such file or directory: ['"][^'"\n]{0,200}\bpython[\d.]{0,6}(?:\.exe)?['"]|\benv: ['‘"]?python[\d.]{0,6}['’"]?: no such file\b|\bno python at\b|\bcan't open file\b[^\n]{0,300}\bno such file\b|\bbad interpreter\b|\bspawn \S{1,300} ENOENT\b|\b(?:could not|unable to) (?:find|locate) (?:a |the )?python\b|\bfailed to find (?:a |the )?(?:python )?interpreter\b/i,
      /^exit code (?:127|126|9009)\b/i,
    ],
  },
  {
    name: 'import-error',
    treatment: 'environment',
    advice: () => t`Fix the environment of the executor; every phase fails like this until then.`,
    patterns: [
      /^(?:(?:ERROR|CRITICAL|FATAL)[: ]{1,3})?(?:\w{1,60}\.){0,6}(?:ModuleNotFoundError|ImportError|SyntaxError)\b|\bERR_MODULE_NOT_FOUND\b/,
    ],
  },
  {
    name: 'connection',
    treatment: 'retry',
    advice: () => t`Check the network connection, then drain the phase again.`,
    patterns: [
      /\bE(?:CONNRESET|CONNREFUSED|CONNABORTED|TIMEDOUT|AI_AGAIN|PIPE|NETUNREACH|HOSTUNREACH)\b|\bAPIConnectionError\b|\bAPIConnectionTimeoutError\b|\bRemoteProtocolError\b|\bServerDisconnectedError\b|\b(?:httpx|httpcore|requests\.exceptions)\.(?:ConnectError|ConnectTimeout|ReadTimeout|ReadError|PoolTimeout|WriteTimeout)\b/,
      /\bconnection (?:was )?(?:reset|refused|aborted|closed|broken)\b|\btemporary failure in name resolution\b|\bfailed to (?:resolve|establish a new connection)\b|\bgetaddrinfo failed\b|\bname or service not known\b|\b(?:all )?connection attempts failed\b|\bserver disconnected without\b|\[winerror 100(?:53|54|60|61)\]/i,
    ],
  },
  {
    name: 'database-locked',
    treatment: 'retry',
    advice: () => t`Close what else writes to the database, then drain the phase again.`,
    patterns: [/\bdatabase (?:table )?is locked\b|\bSQLITE_BUSY\b/i],
  },
  {
    name: 'invalid-request',
    treatment: 'fail',
    advice: () => t`Read what the provider refused in the request; the same request fails again.`,
    patterns: [
      named(
        'invalid_request_error',
        'BadRequestError',
        'INVALID_ARGUMENT',
        'InvalidArgument',
        'UnprocessableEntityError',
        'FAILED_PRECONDITION',
        'not_found_error',
        'NotFoundError',
      ),
      /\berror code\W{0,4}4(?:00|04|09|15|22)\b/i,
      /\bAn error occurred \(ValidationException\)/,
    ],
  },
] as const satisfies readonly {
  readonly name: string;
  readonly treatment: Treatment;
  readonly advice: () => string;
  readonly patterns: readonly RegExp[];
}[];

/** All patterns that are held against foreign text here, for the test that measures their growth. */
export const failurePatterns: readonly RegExp[] = kinds.flatMap(({ patterns }) => [...patterns]);

/** Longer errors are cut before they are looked at: what tells their kind is said early. */
const longestError = 2000;

/** Lines in which a test talks about such failures, which are not meant. */
const ofTests =
  /^\s*(?:E {2,}|> |FAILED |assert\b)|^(?:\[[^\]\n]{0,80}\] )?ERROR (?:collecting |\S{1,200}::|tests?[/\\])|\.py::|\btests? (?:failed|passed)\b/;

/** What is known of a failure by its words; `null` where they say nothing. */
export function failureKindOf(error: string): FailureKind | null {
  const text = stripAnsi(error.slice(0, longestError));
  if (ofTests.test(text)) return null;
  for (const { name, treatment, advice, patterns } of kinds) {
    for (const pattern of patterns) {
      const [evidence] = pattern.exec(text) ?? [];
      if (evidence !== undefined) return { name, treatment, advice: advice(), evidence: evidence.trim() };
    }
  }
  return null;
}

/** Where an HTTP status of a model service is named: in its client's words, in a status line, in the JSON of an answer. */
function status(...codes: readonly string[]): RegExp {
  const code = `(?:${codes.join('|')})`;
  return new RegExp(
    String.raw`\b(?:error code|http(?:\/\d(?:\.\d)?)?|http error|status(?:[ _]code)?)["']?\W{0,4}${code}\b|\b(?:anthropic|openai|gemini|google|azure|bedrock|mistral|cohere|groq|deepseek|openrouter|api)\b[^\n]{0,40}[ (]${code}\b|["'](?:code|status)["']\s{0,3}:\s{0,3}["']?${code}\b`,
    'i',
  );
}

/** An error type or code of a provider, whether as a class, in JSON or in a text. */
function named(...names: readonly string[]): RegExp {
  return new RegExp(String.raw`(?:\b|_)(?:${names.join('|')})\b`, 'i');
}
