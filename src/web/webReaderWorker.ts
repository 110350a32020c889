import type { SourceFiles } from '../core/db/snapshot/sourceFiles.ts';
import { tooBusy } from '../core/db/snapshot/readProblem.ts';
import { provideTranslations } from '../core/text/l10n.ts';
import { SqlEngine } from '../core/db/sqlJs/sqlEngine.ts';
import type { DatabaseBytes, ReaderCommand, ReaderReply } from '../protocol/readerProtocol.ts';
import { CancelFlags } from '../reader/sharedMemory.ts';
import { RequestQueue } from '../reader/requestQueue.ts';
import { sha256Hex } from './sha256.ts';
import { webClock } from './webClock.ts';
import type { ReaderFailure } from './webThread.ts';

// The entry of the web worker that reads. It has no files: the window sends each state of a database once.
let queue: Promise<RequestQueue> | null = null;
let sent: { readonly path: string; readonly content: DatabaseBytes } | null = null;

self.onmessage = ({ data }) => {
  const command = data as ReaderCommand;
  if (command.kind === 'start') {
    queue = start(command);
    queue.catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  } else if (command.kind === 'request') {
    const { path, content } = command;
    if (content !== undefined) sent = { path, content };
    const known = sent?.path === path ? { content: sent.content } : {};
    void queue?.then((ready) => ready.accept({ ...command, ...known }));
  }
};

async function start(command: Extract<ReaderCommand, { kind: 'start' }>): Promise<RequestQueue> {
  const { translations } = command;
  if (translations !== undefined) provideTranslations(() => translations);
  const engine = await SqlEngine.start(command.wasm);
  reply({ kind: 'ready' });
  return new RequestQueue({
    engine,
    files: noFiles,
    // What is in memory does not change while it is read.
    copies: { copy: (path) => Promise.reject(tooBusy(path)) },
    cacheBytes: command.cacheBytes,
    clock: webClock,
    sha256: sha256Hex,
    // No agent asks a browser.
    inEnglish: (work) => work(),
    cancelFlags: new CancelFlags(command.cancelFlags),
    reply,
    onBreakdown: () => fail('SQLite broke down.'),
  });
}

const noFiles: SourceFiles = { realPath: () => null, open: () => null, stamp: () => null };

function reply(message: ReaderReply): void {
  self.postMessage(message);
}

function fail(message: string): void {
  self.postMessage({ kind: 'failed', message } satisfies ReaderFailure);
}
