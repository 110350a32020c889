import * as z from 'zod';
import { failureKindOf, type FailureKind } from '../failures/failureKind.ts';
import type { ModelUsage } from '../model/modelCall.ts';
import { t } from '../text/l10n.ts';
import { printable } from '../text/printable.ts';
import { hideKey, type EndpointKey } from './endpointKey.ts';
import { ModelError, type ModelErrorKind } from './modelPort.ts';
import { retryDelayOf, type HeaderReader } from './retryDelay.ts';

/** The longest message of a server that is repeated, in UTF-16 units. */
const longestMessage = 300;

/** Whom a failure is of: its host for a person, and the key that no text may show. */
export interface FailingServer {
  readonly host: string;
  readonly key: EndpointKey | null;
}

/** An answer that is no success. */
export interface FailedAnswer {
  readonly status: number;
  readonly header: HeaderReader;
  /** As far as it was read. */
  readonly body: string;
}

/** What an answer that is no success means. `now` is in ms since the epoch. */
export function answerFailure(server: FailingServer, answer: FailedAnswer, now: number): ModelError {
  const { status, header, body } = answer;
  if (status >= 300 && status < 400) return redirectFailure(server, status, header('location'));
  const isPage = /html/i.test(header('content-type') ?? '') || /^\s*<(?:!doctype|html)\b/i.test(body);
  const said = isPage ? noWords : wordsOf(body);
  const delay = retryDelayOf(header, body, now);
  const kind = kindOf(status, said, delay !== null);
  const message = isPage
    ? t`${server.host} answered ${status} with a web page.`
    : statusText(server, status, said.message);
  const hint = isPage || kind === 'unreachable' ? ` ${t`Check the base URL.`}` : '';
  return new ModelError(kind, `${message}${hint}`, {
    retryAfterMs: kind === 'rate-limit' || kind === 'overloaded' ? delay : null,
  });
}

function statusText(server: FailingServer, status: number, said: string): string {
  if (said === '') return t`${server.host} answered ${status}.`;
  const text = t`${server.host} answered ${status}: ${shown(said, server)}.`;
  return text.replace(/([.!?])\.( |$)/, '$1$2');
}

/** What an event of an error within an answer means; `usage` is what was used until then. */
export function eventFailure(server: FailingServer, event: unknown, usage: ModelUsage | null): ModelError {
  const body = JSON.stringify(event) as string | undefined;
  const said = wordsOf(body ?? '');
  const status = /^\d{3}$/.test(said.code) ? Number(said.code) : 0;
  const delay = retryDelayOf(() => null, body ?? '', 0);
  const kind = status === 0 ? (kindByWords(0, said) ?? 'disconnected') : kindOf(status, said, delay !== null);
  const message =
    said.message === ''
      ? t`${server.host} ended its answer with an error`
      : t`${server.host} ended its answer with an error: ${shown(said.message, server)}`;
  return new ModelError(kind, message, {
    usage,
    retryAfterMs: kind === 'rate-limit' || kind === 'overloaded' ? delay : null,
  });
}

/** A redirect is not followed: the key, and what is asked, is for this server alone. */
function redirectFailure(server: FailingServer, status: number, location: string | null): ModelError {
  return new ModelError(
    'unreachable',
    location !== null && URL.canParse(location)
      ? t`${server.host} answered ${status}, a redirect to ${shown(new URL(location).origin, server)}, which is not followed. Check the base URL.`
      : t`${server.host} answered ${status}, a redirect, which is not followed. Check the base URL.`,
  );
}

/** What an error of the network means, by its code; `hasAnswered` once an answer had begun. */
export function networkFailure(
  server: FailingServer,
  code: string,
  hasAnswered: boolean,
  usage: ModelUsage | null = null,
): ModelError {
  const words = networkWords(code);
  if (hasAnswered || /^(?:ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/.test(code)) {
    return new ModelError(
      'disconnected',
      t`${server.host} closed the connection before its answer was complete.`,
      {
        usage,
      },
    );
  }
  return new ModelError('unreachable', t`${server.host} cannot be reached: ${words}.`, { isSilent: true });
}

function networkWords(code: string): string {
  if (code === 'ECONNREFUSED') return t`nothing listens there, the connection was refused`;
  if (code === 'ENOTFOUND') return t`no host has this name`;
  if (code === 'EAI_AGAIN') return t`its name cannot be resolved at the moment`;
  if (code === 'ETIMEDOUT') return t`the connection timed out`;
  if (/^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/.test(code)) return t`the network has no route to it`;
  if (/CERT|SIGNATURE|ALTNAME/.test(code)) return t`its certificate is not trusted (${code})`;
  if (/^(?:EPROTO|ERR_SSL_)/.test(code))
    return t`it does not speak https; try http for a server of this machine`;
  if (code.startsWith('HPE_')) return t`it does not speak http`;
  return code === '' ? t`the connection failed` : t`the connection failed (${printable(code, 60)})`;
}

interface Words {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}
const noWords: Words = { type: '', code: '', message: '' };

const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const inner = z.looseObject({
  type: word,
  code: word,
  status: word,
  message: word,
  param: word,
  error: word,
  detail: z.unknown().optional(),
});

/** OpenAI and Anthropic nest the error, Google in a list, Ollama says a text, vLLM and FastAPI an object or `detail`. */
function wordsOf(body: string): Words {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { ...noWords, message: body.trim() };
  }
  const outer: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof outer === 'string') return { ...noWords, message: outer };
  const nested = z.looseObject({ error: z.looseObject({}) }).safeParse(outer).data?.error;
  const { data } = inner.safeParse(nested ?? outer);
  if (data === undefined) return { ...noWords, message: body.trim() };
  const detail =
    typeof data.detail === 'string'
      ? data.detail
      : data.detail === undefined
        ? undefined
        : JSON.stringify(data.detail);
  return {
    type: [data.type, data.status].filter((each) => each !== undefined).join(' '),
    code: data.code ?? '',
    message: (
      data.message ??
      data.error ??
      detail ??
      (nested === undefined ? body : JSON.stringify(nested))
    ).trim(),
  };
}

/** Words that local servers use, and the clouds do not. */
const localContext =
  /\bcontext (?:size|window|length)\b[^\n]{0,80}\b(?:exceed|overflow|too)|\bavailable context size\b|\bgreater than the context length\b|\bcontext length of only\b|\bexceed_context_size_error\b/i;
const localModel =
  /\bmodel\b[^\n]{0,100}\bnot (?:found|loaded|a valid|supported|exist)|\b(?:invalid|unknown|no) models?\b(?: (?:name|id|specified|loaded|named)\b|:)|\bnot a valid model\b|\bmodel_not_/i;

const kindNames: Readonly<Partial<Record<FailureKind['name'], ModelErrorKind>>> = {
  'context-length': 'context-length',
  'content-policy': 'refused',
  quota: 'quota',
  authentication: 'wrong-key',
  permission: 'no-access',
  'model-not-found': 'unknown-model',
  'rate-limit': 'rate-limit',
  overloaded: 'overloaded',
  connection: 'overloaded',
  'invalid-request': 'invalid',
};

/** What its words say; `null` where they say nothing, whatever its status. */
function kindByWords(status: number, { type, code, message }: Words): ModelErrorKind | null {
  const text = `${type} ${code} ${message}`.slice(0, 1500);
  if (localContext.test(text)) return 'context-length';
  const name = failureKindOf(`${status === 0 ? '' : `Error code: ${status} - `}${text}`)?.name;
  const kind = name === undefined ? null : (kindNames[name] ?? null);
  // A model that is not there is said as an invalid request, or as any other thing that is not found.
  return (kind === null || kind === 'invalid') && localModel.test(text) ? 'unknown-model' : kind;
}

function kindOf(status: number, said: Words, hasDelay: boolean): ModelErrorKind {
  const kind = kindByWords(status, said);
  const isQuota = /insufficient_quota|billing|credit/i.test(`${said.type} ${said.code} ${said.message}`);
  // Google says of a limit per minute what OpenAI says of an empty account, but with a time to come back.
  if (
    status === 429 &&
    kind === 'quota' &&
    hasDelay &&
    !/insufficient_quota|credit/i.test(`${said.type} ${said.code}`)
  )
    return 'rate-limit';
  if (status === 401) return isQuota && kind === 'quota' ? 'quota' : 'wrong-key';
  if (status === 402) return 'quota';
  if (status === 403)
    return kind === 'quota' || kind === 'wrong-key' || kind === 'refused' ? kind : 'no-access';
  if (status === 404)
    return kind === 'unknown-model' || /\bmodel\b/i.test(said.message) ? 'unknown-model' : 'unreachable';
  if (status === 405 || status === 501) return 'unreachable';
  if (status === 413) return 'context-length';
  if (status === 429) return kind === 'quota' || kind === 'context-length' ? kind : 'rate-limit';
  if (status === 408 || status === 425 || status >= 500)
    return kind === null || kind === 'invalid' || kind === 'rate-limit' ? 'overloaded' : kind;
  return kind ?? 'invalid';
}

function shown(text: string, { key }: FailingServer): string {
  return printable(hideKey(text, key), longestMessage);
}
