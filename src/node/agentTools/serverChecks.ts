import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseSource } from '../../core/identity/databaseSource.ts';

/** How long an answer of a server is told again without asking, in ms. */
const freshMs = 10_000;

interface Asked {
  readonly answer: Promise<DatabaseSource>;
  /** By `performance.now()`; `null` until it has answered. */
  answeredAt: number | null;
}

/** Asks API servers which database they have, and goes on when nobody waits any more: the next question finds the answers. */
export class ServerChecks {
  readonly #asked = new Map<string, Asked>();

  /**
   * The answer about a database (absolute path) of the server with that address, or `null` where it takes longer than
   * that. `ask` is called where nothing fresh is known; what it fails with is thrown.
   */
  async within(
    { path, address }: { readonly path: string; readonly address: string },
    longestMs: number,
    ask: () => Promise<DatabaseSource>,
    signal: AbortSignal,
  ): Promise<DatabaseSource | null> {
    const { answer } = this.#ask(JSON.stringify([path, address]), ask);
    const timeout = new AbortController();
    const none = wait(longestMs, null, { signal: AbortSignal.any([signal, timeout.signal]) });
    none.catch(() => undefined);
    try {
      return await Promise.race([answer, none]);
    } finally {
      timeout.abort();
    }
  }

  #ask(key: string, ask: () => Promise<DatabaseSource>): Asked {
    const known = this.#asked.get(key);
    if (known !== undefined && (known.answeredAt === null || performance.now() - known.answeredAt < freshMs))
      return known;
    const asked: Asked = {
      answeredAt: null,
      answer: ask().finally(() => {
        asked.answeredAt = performance.now();
      }),
    };
    // Who asked may have gone; the next to ask is told of the failure.
    asked.answer.catch(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }
}
