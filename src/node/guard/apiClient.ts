import * as z from 'zod';
import { CancelledError } from '../../core/errors.ts';
import type { ServerAnswers } from '../../core/guard/apiVerdict.ts';
import type { RunMark } from '../../core/guard/databaseMark.ts';
import { parseTimestamp } from '../../core/model/timestamp.ts';

/** How many runs a server is asked for; it caps them itself. */
const runLimit = 100;
const timeoutMs = 3000;

const health = z.object({ database_identity: z.string().regex(/^[0-9a-f]{12}$/i) });
const run = z
  .looseObject({ id: z.string().optional(), run_id: z.string().optional(), created_at: z.string().nullish() })
  .transform(({ id, run_id, created_at }): RunMark | null => {
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

/** Asks an API server of the reference. Nothing is sent but GET requests; whatever it answers is taken as data. */
export class ApiClient {
  readonly #url: string;

  /** `url` is its base, such as `http://127.0.0.1:8000`. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  /** What it says about its database, or why it says nothing. Throws `CancelledError`. */
  async answers(signal?: AbortSignal): Promise<ServerAnswers | { readonly unreachable: string }> {
    const state = await this.#get('/health', signal);
    if (state.kind === 'unreachable') return { unreachable: state.reason };
    const list = await this.#get(`/runs?limit=${runLimit}`, signal);
    const runs = list.kind === 'ok' ? runList.safeParse(list.body).data : undefined;
    return {
      databaseIdentity: identityIn(state),
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

  async #get(path: string, signal: AbortSignal | undefined): Promise<Reply> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(this.#url + path, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) return { kind: 'status', status: response.status };
      return { kind: 'ok', body: await response.json() };
    } catch (error) {
      if (signal?.aborted === true) throw new CancelledError('Asking the API server');
      return { kind: 'unreachable', reason: reasonOf(error) };
    }
  }
}

function identityIn(reply: Reply): string | null {
  return (reply.kind === 'ok' ? health.safeParse(reply.body).data?.database_identity : undefined) ?? null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs / 1000} s`;
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
