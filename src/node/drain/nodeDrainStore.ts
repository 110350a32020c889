import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import type { DrainStorePort } from '../../core/drain/drainPorts.ts';
import { failPhaseOperation, putBackOperation } from '../../core/maintenance/failPhase.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { guardedWrite, refuseOtherIdentity } from '../../core/identity/guardedWrite.ts';
import { requireAdopted } from '../../core/identity/requireWritable.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader, ReaderRequestName, ReaderRequests } from '../../protocol/readerProtocol.ts';

/** What a drain's store is made of. `databasePath` is absolute. */
export interface DrainStoreParts {
  readonly databasePath: string;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  /** The database that was checked before; without it, the adopted one that is found first. */
  readonly expected?: WriteExpectation | undefined;
}

/**
 * The store of one drain: reads through the reader's snapshots, writes through guarded transactions.
 * The database must stay the same all the way. Whoever looks at the backlog or at a phase learns it before anything is
 * executed: `not-adopted`, `replaced` where another file took its place or it was deleted, `other-database` where its
 * identity changed.
 */
export function nodeDrainStore(parts: DrainStoreParts): DrainStorePort {
  const { databasePath, reader, writer, clock } = parts;
  let expected = parts.expected;
  async function ask<Name extends ReaderRequestName>(
    name: Name,
    params: ReaderRequests[Name]['params'],
    signal?: AbortSignal,
  ): Promise<ReaderRequests[Name]['result']> {
    const { value, version } = await reader
      .ask(databasePath, name, params, signal)
      .catch((error: unknown) => {
        throw isMissing(error) && expected !== undefined ? gone(databasePath) : error;
      });
    if (expected !== undefined && version.fileId !== expected.fileId) throw replaced(databasePath);
    return value;
  }
  async function check(signal: AbortSignal | undefined): Promise<WriteExpectation> {
    const mark = await ask('databaseMark', { runIds: [] }, signal);
    const found = { ...requireAdopted(mark, 'Draining'), fileId: mark.fileId };
    if (expected !== undefined) refuseOtherIdentity(found, expected, databasePath);
    // What was allowed stays allowed: the marks that are compared do not tell of it.
    expected = { ...found, allowTriggers: expected?.allowTriggers };
    return expected;
  }
  return {
    identity: check,
    async backlog(scope, signal) {
      await check(signal);
      return ask('drainCandidates', scope, signal);
    },
    async observe(key, since, signal) {
      await check(signal);
      return ask('phaseOutcome', { key, since }, signal);
    },
    async fail(key, reason, from) {
      const write = { path: databasePath, expected: expected ?? (await check(undefined)) };
      return guardedWrite(writer, write, failPhaseOperation, { key, reason, from, now: clock.now() });
    },
    async requeue(key, from) {
      const write = { path: databasePath, expected: expected ?? (await check(undefined)) };
      return guardedWrite(writer, write, putBackOperation, { key, from, now: clock.now() });
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof UserFacingError && error.code === 'not-found';
}

function gone(path: string): UserFacingError {
  return new UserFacingError(
    'replaced',
    `${path} was deleted or moved away while it was drained.`,
    'Bring the database back, or restore a backup, before you go on.',
  );
}

function replaced(path: string): UserFacingError {
  return new UserFacingError(
    'replaced',
    `Another file has taken the place of ${path} while it was drained.`,
    'Check the identity of the database before you go on.',
  );
}
