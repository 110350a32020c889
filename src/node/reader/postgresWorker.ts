import { parentPort } from 'node:worker_threads';
import { serializeError } from '../../core/errors.ts';
import { ReplicaStore } from '../postgres/replicaStore.ts';
import { ReplicaSync } from '../postgres/replicaSync.ts';
import { inEnglish, inheritTranslations } from '../system/translations.ts';
import type { PostgresCommand, PostgresReply } from './postgresMessages.ts';

// The entry of the thread that keeps replicas up to their servers: the only one of the reader's that knows `pg`.
if (parentPort === null) throw new Error('Replicas are kept by a worker thread.');
const port = parentPort;
inheritTranslations();
const store = new ReplicaStore();
const databases = new Map<string, ReplicaSync>();
const running = new Map<number, AbortController>();
const waiting: (() => void)[] = [];

/** Files that a reader's thread closes are closed by the host's thread, which so knows when it must not. */
async function keepLocks(): Promise<() => void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    reply({ kind: 'keep' });
  });
  return () => reply({ kind: 'let-go' });
}

port.on('message', (command: PostgresCommand) => {
  switch (command.kind) {
    case 'sync':
      void (command.isInEnglish ? inEnglish(() => answer(command)) : answer(command));
      return;
    case 'cancel':
      running.get(command.id)?.abort();
      return;
    case 'kept':
      waiting.shift()?.();
      return;
    case 'stop':
      void stop();
  }
});

async function answer({ id, path, password, needed }: Extract<PostgresCommand, { kind: 'sync' }>) {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const database = databases.get(path) ?? new ReplicaSync(path, { store, keepLocks });
    databases.set(path, database);
    const { path: replica, file, version } = await database.sync(password, needed, abort.signal);
    reply({ kind: 'synced', id, replica: { path: replica, file, version } });
  } catch (error) {
    reply({ kind: 'error', id, error: serializeError(error) });
  } finally {
    running.delete(id);
  }
}

async function stop(): Promise<void> {
  for (const abort of running.values()) abort.abort();
  await Promise.all([...databases.values()].map((database) => database.close()));
  port.close();
}

function reply(message: PostgresReply): void {
  port.postMessage(message);
}
