import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { DatabaseBytes, ReaderCommand, ReaderReply } from '../../../src/protocol/readerProtocol.ts';
import { createWebReader } from '../../../src/web/webReader.ts';
import { silentLogger } from '../../support/databaseReader.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';

type Request = Extract<ReaderCommand, { kind: 'request' }>;

/** A web worker that answers every question with the revision it has of the database. */
class FakeWorker {
  static made: FakeWorker[] = [];
  static answersWith: ((worker: FakeWorker, request: Request) => void) | null = null;
  readonly requests: Request[] = [];
  hasEnded = false;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((event: { readonly message?: string }) => void) | null = null;
  #content: DatabaseBytes | undefined;

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(command: ReaderCommand): void {
    queueMicrotask(() => this.#take(command));
  }

  reply(reply: ReaderReply | { readonly kind: 'failed'; readonly message: string }): void {
    this.onmessage?.({ data: reply });
  }

  answer({ id }: Request): void {
    const version = { token: String(this.#content?.revision) } as never;
    this.reply({ kind: 'answer', id, answer: { value: null, version, warnings: [] } });
  }

  terminate(): void {
    this.hasEnded = true;
  }

  #take(command: ReaderCommand): void {
    if (command.kind === 'start') this.reply({ kind: 'ready' });
    if (command.kind !== 'request') return;
    this.requests.push(command);
    this.#content = command.content ?? this.#content;
    if (FakeWorker.answersWith === null) this.answer(command);
    else FakeWorker.answersWith(this, command);
  }
}

const path = 'vscode-vfs://github/o/r/runs.db';
const globals = globalThis as { Worker?: unknown };

describe('the reader of a browser', () => {
  let stamp: string;
  let scripts: number;
  let fetches: number;
  let isAway: boolean;
  const reader = () =>
    createWebReader({
      files: {
        handles: () => true,
        stamp: (asked) => Promise.resolve(asked.endsWith('-wal') ? null : stamp),
        read() {
          fetches += 1;
          return isAway ? Promise.reject(new Error('offline')) : Promise.resolve(new Uint8Array(8));
        },
      },
      script: () => {
        scripts += 1;
        return Promise.resolve('blob:script');
      },
      wasm: () => Promise.resolve({} as WebAssembly.Module),
      cacheBytes: 1024,
      logger: silentLogger,
    });

  beforeEach(() => {
    stamp = '1';
    scripts = 0;
    fetches = 0;
    isAway = false;
    FakeWorker.made = [];
    FakeWorker.answersWith = null;
    globals.Worker = FakeWorker;
  });

  afterEach(() => {
    delete globals.Worker;
  });

  it('starts a worker with the first question, and another for those that read much', async () => {
    const asked = reader();
    assert.equal(FakeWorker.made.length, 0);
    await asked.request(path, 'listRuns', null);
    await asked.request(path, 'phaseKinds', null);
    assert.equal(FakeWorker.made.length, 1);
    await asked.request(path, 'identity', null);
    await asked.request(path, 'coverage', null);
    assert.equal(FakeWorker.made.length, 2);
    await asked.dispose();
    assert.deepEqual(
      FakeWorker.made.map(({ hasEnded }) => hasEnded),
      [true, true],
    );
  });

  it('sends each state of a database to a worker once', async () => {
    const asked = reader();
    for (const next of ['1', '1', '2', '2']) {
      stamp = next;
      await asked.request(path, 'listRuns', null);
    }
    const [worker] = FakeWorker.made;
    assert.deepEqual(
      worker?.requests.map(({ content }) => content?.revision),
      [1, undefined, 2, undefined],
    );
    await asked.request('vscode-vfs://github/o/r/other.db', 'listRuns', null);
    const { version } = await asked.request(path, 'listRuns', null);
    assert.equal(version.token, '4');
    await asked.dispose();
  });

  it('fetches a database once for questions that are asked together, and again after it could not be fetched', async () => {
    const asked = reader();
    isAway = true;
    await assert.rejects(asked.request(path, 'listRuns', null), /offline/);
    isAway = false;
    fetches = 0;
    const answers = [asked.request(path, 'listRuns', null), asked.request(path, 'identity', null)];
    const tokens = (await Promise.all(answers)).map(({ version }) => version.token);
    // Of the database and of its journal.
    assert.deepEqual([fetches, tokens], [2, ['1', '1']]);
    await asked.dispose();
  });

  it('puts another worker in the place of one that fails, and sends it the database anew', async () => {
    const asked = reader();
    FakeWorker.answersWith = (worker, request) => {
      if (FakeWorker.made.length === 1) worker.reply({ kind: 'failed', message: 'SQLite broke down.' });
      else worker.answer(request);
    };
    const { version } = await asked.request(path, 'listRuns', null);
    assert.equal(version.token, '1');
    assert.deepEqual(
      FakeWorker.made.map(({ hasEnded }) => hasEnded),
      [true, false],
    );
    assert.equal(scripts, 2);
    await asked.dispose();
  });

  it('ends a worker that does not stop for a cancelled question', async () => {
    const asked = reader();
    FakeWorker.answersWith = () => undefined;
    const cancelled = new AbortController();
    const answer = asked.request(path, 'listRuns', null, cancelled.signal);
    setTimeout(() => cancelled.abort(), 20);
    await rejectsWith('cancelled', answer);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(FakeWorker.made[0]?.hasEnded, true);
    await asked.dispose();
  });

  it('fails where no worker can be made', async () => {
    globals.Worker = function noWorker(): never {
      throw new Error('no workers here');
    };
    const asked = reader();
    await assert.rejects(asked.request(path, 'listRuns', null), /no workers here/);
    await asked.dispose();
  });
});
