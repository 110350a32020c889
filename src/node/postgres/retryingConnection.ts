import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, isTransient, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { PostgresConnection } from './connection.ts';

/** How cut connections, restarts and full pools are ridden out. Times in ms. */
export interface RetryLimits {
  /** How long at most, from when the server was lost. */
  readonly boundMs: number;
  /** How long one piece of work may take before its connection counts as dead. */
  readonly workMs: number;
}

export const defaultRetryLimits: RetryLimits = { boundMs: 60_000, workMs: 20_000 };

/** How long a transaction of a drain may stand still, in ms. */
export const standstillMs = 4000;

/**
 * How a transaction begins, whatever is the default of the server or the user: each statement sees what others have committed,
 * and the server ends it where this process stands still or its machine is gone, for others wait for what it locks.
 */
const beginning = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
  SET LOCAL idle_in_transaction_session_timeout = ${standstillMs}`;

/** Does something in one transaction, which begins so. */
export async function inShortTransaction<T>(
  connection: PostgresConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(beginning);
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

const firstPauseMs = 50;
const longestPauseMs = 3000;
/** The part of the bound that is left to work that begins when it is over. */
const leastPart = 1 / 20;

/**
 * A connection that is made anew where it was cut. Work is done one after the other, so that transactions do not mix, and
 * again where it failed for what passes: it must come to the same if it was done before, without an answer.
 */
export class RetryingConnection {
  readonly #open: () => Promise<PostgresConnection>;
  readonly #limits: RetryLimits;
  #connection: PostgresConnection | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** Since when nothing has succeeded; `null` where the last did. */
  #lostAt: number | null = null;
  #isClosed = false;

  constructor(open: () => Promise<PostgresConnection>, limits: RetryLimits = defaultRetryLimits) {
    this.#open = open;
    this.#limits = limits;
  }

  /**
   * One piece of work. Throws what it throws, once the time is up, which all have together: those who wait for their turn
   * while the server is gone, and those who come later. Throws `cancelled` when the signal fires.
   */
  do<T>(work: (connection: PostgresConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const done = this.#last.then(() => this.#retry(work, signal));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** The same in one transaction. */
  transaction<T>(work: (connection: PostgresConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.do((connection) => inShortTransaction(connection, () => work(connection)), signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#connection?.close();
    this.#connection = null;
  }

  async #retry<T>(
    work: (connection: PostgresConnection) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { boundMs } = this.#limits;
    const began = performance.now();
    const deadline = Math.max((this.#lostAt ?? began) + boundMs, began + boundMs * leastPart);
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (signal?.aborted === true) throw new CancelledError(t`The work with the server`);
      try {
        if (this.#connection?.isOpen === false) this.#drop();
        const connection = (this.#connection ??= await this.#open());
        const result = await this.#inTime(work(connection));
        this.#lostAt = null;
        return result;
      } catch (error) {
        const isLost = isTransient(error) && error.code !== 'locked';
        if (isLost) this.#drop();
        this.#lostAt = isLost ? (this.#lostAt ?? began) : null;
        if (!isTransient(error) || this.#isClosed || performance.now() + pauseMs > deadline) throw error;
      }
      await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A link that swallows everything ends no statement by itself. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(silent()), this.#limits.workMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #drop(): void {
    this.#connection?.abort();
    this.#connection = null;
  }
}

function silent(): UserFacingError {
  return new UserFacingError(
    'unreachable',
    t`The server does not answer.`,
    t`See that it runs and that the network is up, then try again.`,
  );
}
