import { isDeepStrictEqual } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';

interface Counted {
  readonly facts: DatabaseFacts;
  readonly version: SnapshotVersion;
}

/**
 * Counts the rows of a database, which takes seconds on a large one, on a reader of its own, and goes on when nobody
 * waits any more: the next question finds the counts.
 */
export class ContentCounts {
  readonly #reader: DatabaseReader;
  #path: string | undefined;
  #counting: Promise<Counted> | undefined;
  #known: Counted | undefined;

  constructor(reader: DatabaseReader) {
    this.#reader = reader;
  }

  /** The facts as they are now, or `null` where counting takes longer than that. Fails as reading does. */
  async within(path: string, longestMs: number, signal: AbortSignal): Promise<DatabaseFacts | null> {
    if (this.#path !== path) {
      this.#path = path;
      this.#counting = undefined;
      this.#known = undefined;
    }
    const known = this.#known;
    if (known !== undefined && this.#counting === undefined) {
      const { version } = await this.#reader.request(path, 'version', null, signal);
      if (isDeepStrictEqual(version, known.version)) return known.facts;
      this.#known = undefined;
    }
    const timeout = new AbortController();
    const none = wait(longestMs, null, { signal: AbortSignal.any([signal, timeout.signal]) });
    none.catch(() => undefined);
    try {
      return (await Promise.race([this.#count(path), none]))?.facts ?? null;
    } finally {
      timeout.abort();
    }
  }

  #count(path: string): Promise<Counted> {
    if (this.#counting !== undefined) return this.#counting;
    const counting = this.#reader
      .request(path, 'identity', null)
      .then(({ value: facts, version }) => {
        const counted = { facts, version };
        if (this.#counting === counting) this.#known = counted;
        return counted;
      })
      .finally(() => {
        if (this.#counting === counting) this.#counting = undefined;
      });
    // Who asked may have gone; the next to ask is told of the failure.
    counting.catch(() => undefined);
    this.#counting = counting;
    return counting;
  }
}
