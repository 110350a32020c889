import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { CancelledError, serializeError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { inheritTranslations } from '../system/translations.ts';
import { Connection, DatabaseWriter } from './databaseWriter.ts';
import { retryWhileBusy } from './sqliteError.ts';
import { operationNamed, type WriterCommand, type WriterReply } from './writerMessages.ts';

// The entry of the process that writes: SQLite cannot be interrupted from JavaScript, but a process can be ended.

/**
 * Ends this process when the one that started it is gone, also while SQLite keeps the main thread: the pipe it holds
 * open as our standard input closes then, whatever way it ended.
 */
const watchdog = `
  const { Socket } = require('node:net');
  const end = () => process.kill(process.pid, 'SIGKILL');
  new Socket({ fd: 0 }).on('end', end).on('error', end).on('close', end).resume();
`;

/** How long the rollback of an ended process may wait for whoever has the lock, in ms. */
const recoveryMs = 5000;

// A terminal sends these to every program in it; whoever started this one decides what becomes of the write.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
new Worker(watchdog, { eval: true }).unref();
inheritTranslations();

process.on('message', (command: WriterCommand) => {
  // Whoever waits for a commit listens itself.
  if (command.kind !== 'commit') void answer(command);
});

async function answer(command: Exclude<WriterCommand, { kind: 'commit' }>): Promise<void> {
  try {
    switch (command.kind) {
      case 'perform':
        reply({ kind: 'done', result: await perform(command) });
        return;
      case 'recover':
        await recover(command.path);
        reply({ kind: 'done', result: null });
        return;
    }
  } catch (error) {
    reply({ kind: 'error', error: serializeError(error) });
  }
}

async function perform(command: Extract<WriterCommand, { kind: 'perform' }>): Promise<unknown> {
  const { path, operation, params, expected, lockTimeoutMs, author, journalFolder } = command;
  if (isPostgresPath(path)) {
    // What speaks to a server is loaded for those who have one.
    const { writeOnServer } = await import('./serverWriter.ts');
    return writeOnServer(command, { beforeCommit, reply });
  }
  const writer = new DatabaseWriter({
    ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
    beforeCommit,
    onFurtherRows: (rows) => reply({ kind: 'further-rows', rows }),
    author,
    journalFolder,
    onJournalProblem: (message) => reply({ kind: 'journal-problem', message }),
  });
  return writer.perform(path, operationNamed(operation), params, undefined, expected);
}

/** Reports that all is written but not committed, and waits for the message that has it committed. */
async function beforeCommit(): Promise<void> {
  const answered = once(process, 'message');
  reply({ kind: 'written' });
  const [answer] = (await answered) as [WriterCommand];
  if (answer.kind !== 'commit') throw new CancelledError(t`Writing to the database`);
}

/**
 * Opening the database and taking its lock is what makes SQLite roll a hot journal back. One that is there even then was
 * never needed, for nothing had been written to the database; while we have the lock it is nobody else's.
 */
async function recover(path: string): Promise<void> {
  const connection = new Connection(path);
  try {
    await retryWhileBusy(() => connection.run('BEGIN IMMEDIATE'), Date.now() + recoveryMs, undefined);
    await rm(`${path}-journal`, { force: true });
    connection.run('ROLLBACK');
  } finally {
    connection.close();
  }
}

function reply(message: WriterReply): void {
  process.send?.(message);
}
