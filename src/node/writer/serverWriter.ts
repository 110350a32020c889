import { randomBytes } from 'node:crypto';
import { UserFacingError } from '../../core/errors.ts';
import { PostgresWriter } from '../postgres/postgresWriter.ts';
import { FolderJournal } from './folderJournal.ts';
import { sqliteError } from './sqliteError.ts';
import { operationNamed, type WriterCommand, type WriterReply } from './writerMessages.ts';

/** How the process that writes speaks with whoever started it. */
export interface WriterChannel {
  /** Resolves when all that is written may be committed. */
  readonly beforeCommit: () => Promise<void>;
  readonly reply: (message: WriterReply) => void;
}

const defaultLockTimeoutMs = 5000;

/** Makes a change of a database on a PostgreSQL server, and resolves with what the operation returns. */
export async function writeOnServer(
  command: Extract<WriterCommand, { kind: 'perform' }>,
  { beforeCommit, reply }: WriterChannel,
): Promise<unknown> {
  const { path, operation, params, expected, password, author, journalFolder } = command;
  const { lockTimeoutMs = defaultLockTimeoutMs } = command;
  const writer = new PostgresWriter({
    password,
    lockTimeoutMs,
    beforeCommit,
    origin: () => ({ author, folder: journalFolder, mark: randomBytes(8).toString('hex'), at: Date.now() }),
    onTriggers: () => reply({ kind: 'further-rows', rows: null }),
    afterCommit: async (entry, earlier) => {
      if (journalFolder === null) return;
      try {
        await new FolderJournal(journalFolder).add(entry, earlier);
      } catch (error) {
        reply({
          kind: 'journal-problem',
          message: error instanceof UserFacingError ? error.message : String(error),
        });
      }
    },
  });
  try {
    return await writer.perform(path, operationNamed(operation), params, undefined, expected);
  } catch (error) {
    throw sqliteError(error, path);
  }
}
