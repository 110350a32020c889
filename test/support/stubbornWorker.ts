// Stands in for the reader's worker in tests of its client: it hangs or dies when asked for runs of these names, and hangs when asked to calibrate.
import { parentPort } from 'node:worker_threads';
import type { ReaderCommand, ReaderReply } from '../../src/protocol/readerProtocol.ts';

const reply = (message: ReaderReply) => parentPort?.postMessage(message);

parentPort?.on('message', (command: ReaderCommand) => {
  if (command.kind === 'start') reply({ kind: 'ready' });
  if (command.kind !== 'request') return;
  const { runId } = (command.params ?? {}) as { runId?: string };
  if (runId === 'hang' || command.name === 'calibration') for (;;);
  if (runId === 'die') process.exit(3);
  const answer = { value: command.path, version: { token: '', fileId: '' }, warnings: [] };
  reply({ kind: 'answer', id: command.id, answer });
});
