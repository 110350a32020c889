import * as z from 'zod';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { baseOf, parseApiUrl, type ServerAnswers } from '../../core/identity/apiVerdict.ts';
import type { FingerprintRun } from '../../core/identity/databaseFingerprint.ts';
import { parseTimestamp } from '../../core/model/timestamp.ts';
import { decodePercent } from '../../core/text/decodeText.ts';
import { t } from '../../core/text/l10n.ts';
import { readSmallFile } from '../system/regularFile.ts';

/** How many runs a server is asked for; it caps them itself. */
const runLimit = 100;
const usualTimeoutMs = 3000;
/** How much of an answer is read, in bytes: a hundred runs take about 50 KB. */
const longestBody = 1 << 20;
/** How much of a reason that a server or its library gives is repeated, in characters. */
const longestReason = 200;
/** No system has a longer path, in characters. */
const longestPath = 4096;

const health = z.object({ database_identity: z.string().regex(/^[0-9a-f]{12}$/i) });
/** Some versions tell more of their database, as they were built or where they are asked to by a variable. */
const detail = z.union([
  z.string(),
  z.object({ sqlite_file: z.string().min(1) }).transform(({ sqlite_file }) => sqlite_file),
  z.object({ database_url: z.string() }).transform(({ database_url }) => database_url),
]);
const detailedHealth = z.union([
  z.object({ db_identity_detail: detail }).transform(({ db_identity_detail }) => db_identity_detail),
  z.object({ db_identity: detail }).transform(({ db_identity }) => db_identity),
]);
const run = z
  .looseObject({ id: z.string().optional(), run_id: z.string().optional(), created_at: z.string().nullish() })
  .transform(({ id, run_id, created_at }): FingerprintRun | null => {
    const name = id ?? run_id;
    if (name === undefined) return null;
    return { id: name, createdAt: typeof created_at === 'string' ? parseTimestamp(created_at) : null };
  });
const runList = z.union([z.array(run), z.object({ runs: z.array(run) }).transform(({ runs }) => runs)]);

/** What one question to a server came to. */
type Reply =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks an API server of Autopack. Nothing is sent but GET requests; whatever it answers is taken as data. */
export class ApiClient {
  /** `null` where the URL is none. */
  readonly #base: URL | null;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  /**
   * `url` is its base, such as `http://127.0.0.1:8000`: a user and password in it are sent as a header, and its query with
   * every question, as `apiKey` is; `timeoutMs` is how long an answer may take to its last byte.
   */
  constructor(url: string, apiKey?: string, timeoutMs: number = usualTimeoutMs) {
    this.#timeoutMs = timeoutMs;
    this.#base = parseApiUrl(url);
    this.#headers = {
      accept: 'application/json',
      ...authorizationOf(this.#base),
      ...(apiKey === undefined || apiKey === '' ? {} : { 'x-api-key': apiKey }),
    };
  }

  /** What it says about its database, or why it says nothing. Throws `CancelledError`. */
  async answers(signal?: AbortSignal): Promise<ServerAnswers | { readonly unreachable: string }> {
    const state = await this.#get('/health', signal);
    if (state.kind === 'unreachable') return { unreachable: state.reason };
    const list = await this.#get('/runs', signal, `limit=${runLimit}`);
    const runs = list.kind === 'ok' ? runList.safeParse(list.body).data : undefined;
    return {
      databaseIdentity: identityIn(state),
      databasePath: pathIn(state),
      refusal: [state, list].map(refusalIn).find((status) => status !== null) ?? null,
      runs: runs?.filter((each) => each !== null) ?? null,
      isCapped: (runs?.length ?? 0) >= runLimit,
    };
  }

  /** What it says of its database; `null` if nothing. Throws `CancelledError`. */
  async databaseIdentity(signal?: AbortSignal): Promise<string | null> {
    return identityIn(await this.#get('/health', signal));
  }

  /** Whether it has a run: `null` if it does not say. Throws `CancelledError`. */
  async hasRun(runId: string, signal?: AbortSignal): Promise<boolean | null> {
    const reply = await this.#get(`/runs/${encodeURIComponent(runId)}`, signal);
    if (reply.kind === 'status') return reply.status === 404 ? false : null;
    if (reply.kind === 'unreachable') return null;
    return run.safeParse(reply.body).data?.id === runId ? true : null;
  }

  async #get(path: string, signal: AbortSignal | undefined, query = ''): Promise<Reply> {
    if (this.#base === null) return { kind: 'unreachable', reason: t`its URL is not an http or https URL` };
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await fetch(resourceUrl(this.#base, path, query), {
        headers: this.#headers,
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) {
        // Else the rest of it would go on to be received.
        await response.body?.cancel();
        return { kind: 'status', status: response.status };
      }
      return { kind: 'ok', body: JSON.parse(await bodyOf(response)) as unknown };
    } catch (error) {
      if (signal?.aborted === true) throw new CancelledError(t`Asking the API server`);
      return { kind: 'unreachable', reason: reasonOf(error, this.#timeoutMs) };
    }
  }
}

/** `fetch` refuses a URL with credentials, and what is behind a `#` is never sent. */
function resourceUrl(base: URL, path: string, query: string): string {
  const parameters = [base.search.slice(1), query].filter((each) => each !== '').join('&');
  return `${baseOf(base)}${path}${parameters === '' ? '' : `?${parameters}`}`;
}

/** Basic authentication (RFC 7617), in UTF-8. */
function authorizationOf(base: URL | null): { readonly authorization?: string } {
  if (base === null || (base.username === '' && base.password === '')) return {};
  const credentials = `${decodePercent(base.username)}:${decodePercent(base.password)}`;
  return { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` };
}

/** Throws where it is longer than any answer of Autopack. */
async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  // Leaving the loop closes the connection.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > longestBody) throw new Error(t`its answer is longer than ${longestBody >> 20} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function identityIn(reply: Reply): string | null {
  return (reply.kind === 'ok' ? health.safeParse(reply.body).data?.database_identity : undefined) ?? null;
}

/** The absolute path of the file it says it has. A relative one means whatever folder it was started in. */
function pathIn(reply: Reply): string | null {
  const detail = reply.kind === 'ok' ? detailedHealth.safeParse(reply.body).data : undefined;
  const path = detail?.replace(/^sqlite(?:\+\w+)?:\/\/\//, '') ?? '';
  return path.length <= longestPath && /^(?:\/|[A-Za-z]:[/\\])/.test(path) ? path : null;
}

function refusalIn(reply: Reply): number | null {
  return reply.kind === 'status' && [401, 403].includes(reply.status) ? reply.status : null;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return t`it did not answer within ${timeoutMs / 1000} s`;
  if (error instanceof SyntaxError) return t`its answer is not JSON`;
  const reason =
    error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
  return reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
}

/** In bytes; a key is a line. */
const longest = 64 << 10;

/**
 * The API key that an environment names, as Autopack reads it: the content of the file in `AUTOPACK_API_KEY_FILE` first,
 * then `AUTOPACK_API_KEY`; `undefined` where it names none. Fails with `unreadable` where the file cannot be read.
 */
export async function apiKeyOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { AUTOPACK_API_KEY_FILE: file = '', AUTOPACK_API_KEY: key = '' } = environment;
  if (file.trim() === '') return key.trim() === '' ? undefined : key.trim();
  try {
    // Secrets are often mounted as links.
    return (await readSmallFile(file, longest, { followLinks: true })).trim();
  } catch (error) {
    throw new UserFacingError(
      'unreadable',
      t`The API key in ${file}, which AUTOPACK_API_KEY_FILE names, cannot be read.`,
      t`Correct that variable, or unset it and give the key by AUTOPACK_API_KEY.`,
      { cause: error },
    );
  }
}
