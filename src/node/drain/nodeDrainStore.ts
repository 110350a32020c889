import type { DatabaseWriterPort } from '../../core/db/writeDatabase.ts';
import type { DrainStorePort } from '../../core/drain/drainPorts.ts';
import { failPhase } from '../../core/drain/failPhase.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader, ReaderRequestName, ReaderRequests } from '../../protocol/readerProtocol.ts';

/** What a drain's store is made of. `databasePath` is absolute. */
export interface DrainStoreParts {
  readonly databasePath: string;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
}

/**
 * The store of one drain: reads through the reader's snapshots, writes through the writer's transactions.
 * The file must stay the same all the way: where another takes its place, everything fails with `replaced`.
 */
export function nodeDrainStore({ databasePath, reader, writer, clock }: DrainStoreParts): DrainStorePort {
  let fileId: string | null = null;
  async function ask<Name extends ReaderRequestName>(
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<ReaderRequests[Name]['result']> {
    const { value, version } = await reader.ask(databasePath, name, params, signal);
    fileId ??= version.fileId;
    if (version.fileId !== fileId) throw replaced(databasePath);
    return value;
  }
  return {
    backlog: (scope, signal) => ask('drainCandidates', scope, signal),
    observe: (key, since, signal) => ask('phaseOutcome', { key, since }, signal),
    fail: (key, reason, from) =>
      writer.transaction(
        databasePath,
        (db) => failPhase(db, key, reason, from, clock.now()),
        undefined,
        ...(fileId === null ? [] : [{ fileId }]),
      ),
  };
}

function replaced(path: string): UserFacingError {
  return new UserFacingError(
    'replaced',
    `Another file has taken the place of ${path} while it was drained.`,
    'Check the identity of the database before you go on.',
  );
}
