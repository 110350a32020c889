import { parentPort } from 'node:worker_threads';
import { serializeError } from '../../core/errors.ts';
import { SqlEngine } from '../../core/db/sqlJs/sqlEngine.ts';
import type { ReaderCommand, ReaderReply } from '../../protocol/readerProtocol.ts';
import { CancelFlags } from './cancelFlags.ts';
import { RequestQueue } from './requestQueue.ts';

// The entry of the reader's thread: everything synchronous and slow happens here, nothing on the host's thread.
if (parentPort === null) throw new Error('The reader runs as a worker thread.');
const port = parentPort;
let queue: Promise<RequestQueue> | null = null;

port.on('message', (command: ReaderCommand) => {
  if (command.kind === 'start') {
    queue = start(command);
    return;
  }
  void queue?.then(
    (ready) => ready.accept(command),
    (error: unknown) => {
      if (command.kind === 'request') reply({ kind: 'error', id: command.id, error: serializeError(error) });
    },
  );
});

async function start(command: Extract<ReaderCommand, { kind: 'start' }>): Promise<RequestQueue> {
  return new RequestQueue({
    engine: await SqlEngine.start(command.wasm),
    cacheBytes: command.cacheBytes,
    cancelFlags: new CancelFlags(command.cancelFlags),
    reply,
    // The host starts another thread with the next question.
    onBreakdown: () => process.exit(1),
  });
}

function reply(message: ReaderReply): void {
  port.postMessage(message);
}
