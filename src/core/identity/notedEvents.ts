import type { WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { readLastChange } from './journalTable.ts';

/**
 * What is noted in the journal of a database though our statements change no row of it: a restored backup, and where a
 * drain began and ended, whose rows Autopack's own programs may write. The result is the serial of the note.
 */
function event<Params>(
  name: string,
  subject: (params: Params) => Readonly<Record<string, string | number>>,
): WriteOperation<Params, number> {
  return { name, isNoted: true, subject, run: nextSerial };
}

function nextSerial(db: WriteDatabase): number {
  return readLastChange(db).serial + 1;
}

/** A backup was put back; `from` is its path, absolute. */
export const restoredEvent = event<{ readonly from: string }>('restore', ({ from }) => ({ from }));

/** A drain begins; `phases` is how many it may execute. */
export const drainBeganEvent = event<{ readonly executor: string; readonly phases: number }>(
  'drain-began',
  ({ executor, phases }) => ({ executor, phases }),
);

/** A drain has ended; `stop` is the kind of its end. */
export const drainEndedEvent = event<{
  readonly executed: number;
  readonly succeeded: number;
  readonly stop: string;
}>('drain-ended', ({ executed, succeeded, stop }) => ({ executed, succeeded, stop }));
