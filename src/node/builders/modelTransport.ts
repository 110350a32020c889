import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { EndpointServer } from '../../core/builders/endpointSettings.ts';
import { officialUrls } from '../../core/builders/endpointUrl.ts';
import { answerFailure, networkFailure, type FailingServer } from '../../core/builders/modelFailure.ts';
import { ModelError } from '../../core/builders/modelPort.ts';
import { t } from '../../core/text/l10n.ts';

/** How much of an answer that is an error is read, in bytes. */
const longestError = 64 << 10;

/** One request to a server of models. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What an answer that is no error must be, by the start of its type; anything but a web page where it is absent. */
  readonly accept?: string;
}

/** The bounds of a request. */
export interface TransportLimits {
  /** The longest time without a byte, in ms. */
  readonly stallMs: number;
  /** The longest answer, in bytes. */
  readonly maxBytes: number;
}

/** An answer that is no error; its chunks end with {@link ModelError} where they are not complete. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

/**
 * Sends one request, over a connection of its own that is closed with it: a kept one may be closed by the server just as
 * it is used again. Proxies and certificates are those of Node's own client. The key goes into the header here, so that
 * no library sees it; nothing is sent to another origin than the server's, and no redirect is followed. Rejects with
 * {@link ModelError}; at the signal the connection is closed at once, and it rejects with the signal's reason.
 */
export async function sendModelRequest(
  server: EndpointServer,
  request: TransportRequest,
  { stallMs, maxBytes }: TransportLimits,
  signal: AbortSignal,
): Promise<TransportAnswer> {
  signal.throwIfAborted();
  const url = new URL(request.url);
  const base = new URL(server.baseUrl);
  if (url.origin !== base.origin) throw new Error('A model request was made for another server.');
  const failing: FailingServer = { host: base.host, key: server.key };
  const sent = (url.protocol === 'https:' ? https : http).request(url, {
    method: request.method,
    headers: {
      ...request.headers,
      ...authorizationOf(server),
      'accept-encoding': 'identity',
      connection: 'close',
    },
  });
  // Why it was ended here, which the answer does not tell once it has begun.
  const ended: { reason: Error | null } = { reason: null };
  const end = (error: Error): void => {
    ended.reason ??= error;
    sent.destroy(error);
  };
  const stall = setTimeout(() => end(stalled(failing, stallMs)), stallMs);
  const onAbort = (): void => {
    clearTimeout(stall);
    end(reasonOf(signal));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const close = (): void => {
    clearTimeout(stall);
    signal.removeEventListener('abort', onAbort);
    sent.destroy();
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      // It stays: an error after the answer began must not end the process.
      sent.on('error', reject);
      sent.end(request.body);
    });
    stall.refresh();
    const headers = headersOf(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) {
      const body = await text(bounded(response, longestError, 'cut', stall)).catch(() => '');
      throw answerFailure(failing, { status, header: (name) => headers.get(name), body }, Date.now());
    }
    const type = headers.get('content-type') ?? '';
    if (/html/i.test(type))
      throw noModel(
        t`${failing.host} answered with a web page, which is no answer of a model. Check the base URL and the provider.`,
      );
    if (request.accept !== undefined && /json/i.test(type) && !type.includes(request.accept)) {
      const body = await text(bounded(response, longestError, 'cut', stall));
      throw body.includes('"error"')
        ? answerFailure(failing, { status: 400, header: (name) => headers.get(name), body }, Date.now())
        : noModel(
            t`${failing.host} answered with no stream, which is no answer of a model. Check the base URL and the provider.`,
          );
    }
    if (!/^(?:identity)?$/.test(headers.get('content-encoding') ?? '')) {
      throw noModel(
        t`${failing.host} answered with a compressed answer that was not asked for, which is no answer of a model. Check the base URL and the provider.`,
      );
    }
    return { status, headers, chunks: complete(response, failing, maxBytes, stall, ended, close) };
  } catch (error) {
    close();
    const cause = ended.reason ?? error;
    if (cause instanceof ModelError || signal.aborted) throw cause;
    throw networkFailure(failing, codeOf(cause), false);
  }
}

/** The text of an answer of at most `maxBytes`. */
export async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

async function* complete(
  response: IncomingMessage,
  failing: FailingServer,
  maxBytes: number,
  stall: NodeJS.Timeout,
  ended: { readonly reason: Error | null },
  close: () => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bounded(response, maxBytes, failing, stall);
  } catch (error) {
    if (ended.reason !== null) throw ended.reason;
    throw error instanceof ModelError ? error : networkFailure(failing, codeOf(error), true);
  } finally {
    // Also where the reader has had enough.
    close();
  }
}

/** What comes, up to a limit: there it is cut, or fails. */
async function* bounded(
  response: IncomingMessage,
  maxBytes: number,
  atLimit: 'cut' | FailingServer,
  stall: NodeJS.Timeout,
): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    stall.refresh();
    length += chunk.length;
    if (length > maxBytes) {
      if (atLimit === 'cut') {
        yield chunk.subarray(0, chunk.length - (length - maxBytes));
        return;
      }
      throw new ModelError(
        'invalid',
        t`${atLimit.host} went on after more than ${sizeOf(maxBytes)}; it was cut off.`,
      );
    }
    yield chunk;
  }
}

function sizeOf(bytes: number): string {
  return bytes >= 1 << 20 ? `${Math.round(bytes / (1 << 20))} MB` : `${Math.round(bytes / 1024)} KB`;
}

/** The chunks as a `Response`, as `fetch` would give it. */
export function asResponse({ status, headers, chunks }: TransportAnswer): Response {
  const body = Readable.toWeb(Readable.from(chunks, { objectMode: false })) as ReadableStream<Uint8Array>;
  return new Response(body, { status, headers });
}

/** Those that stand in for Anthropic read either header. */
function authorizationOf({ provider, key, baseUrl }: EndpointServer): Record<string, string> {
  if (key === null) return {};
  const bearer = { authorization: `Bearer ${key.reveal()}` };
  if (provider === 'openai') return bearer;
  const isOfficial = new URL(baseUrl).origin === new URL(officialUrls.anthropic).origin;
  return { 'x-api-key': key.reveal(), ...(isOfficial ? {} : bearer) };
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    // What is no header by the standard, although it was received, is left out.
    for (const value of values ?? [])
      if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers.append(name, value);
  }
  return headers;
}

function stalled({ host }: FailingServer, stallMs: number): ModelError {
  return new ModelError('stalled', t`${host} sent nothing for ${Math.round(stallMs / 100) / 10} s.`);
}

function noModel(message: string): ModelError {
  return new ModelError('unreachable', message);
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

/** Of a list of attempts, one for each address of a host, the first that has one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (own !== '' || !(error instanceof AggregateError)) return own;
  return error.errors.map(codeOf).find((code) => code !== '') ?? '';
}
