import { parentPort } from 'node:worker_threads';
import { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import type { ReaderCommand, ReaderReply } from '../../protocol/readerProtocol.ts';
import { inEnglish, inheritTranslations } from '../system/translations.ts';
import { backupCopies, KeptCopies } from './backupCopies.ts';
import { CancelFlags } from '../../reader/sharedMemory.ts';
import { nodeFilesOf } from './nodeFiles.ts';
import { RequestQueue } from '../../reader/requestQueue.ts';
import { sha256Hex, systemClock } from '../system/systemPorts.ts';
import { scanThreads } from './scanHelpers.ts';

// The entry of the reader's thread: everything synchronous and slow happens here, nothing on the host's thread.
if (parentPort === null) throw new Error('The reader runs as a worker thread.');
const port = parentPort;
inheritTranslations();
let queue: Promise<RequestQueue> | null = null;
const copies = new KeptCopies(backupCopies, (kind) => reply({ kind }));

port.on('message', (command: ReaderCommand) => {
  // What goes wrong at the start ends the thread, and so becomes the answer to every question.
  if (command.kind === 'start') queue = start(command);
  else if (command.kind === 'kept') copies.onKept();
  else void queue?.then((ready) => ready.accept(command));
});

async function start(command: Extract<ReaderCommand, { kind: 'start' }>): Promise<RequestQueue> {
  const engine = await SqlEngine.start(command.wasm);
  reply({ kind: 'ready' });
  return new RequestQueue({
    engine,
    files: nodeFilesOf({
      opened: (descriptor) => reply({ kind: 'opened', descriptor }),
      close: (descriptor) => reply({ kind: 'close', descriptor }),
    }),
    copies,
    cacheBytes: command.cacheBytes,
    clock: systemClock,
    sha256: sha256Hex,
    inEnglish,
    startThreads: command.scanWorkerUrl === null ? undefined : scanThreads(new URL(command.scanWorkerUrl)),
    cancelFlags: new CancelFlags(command.cancelFlags),
    reply,
    // The host starts another thread in its place.
    onBreakdown: () => process.exit(1),
  });
}

function reply(message: ReaderReply): void {
  port.postMessage(message);
}
