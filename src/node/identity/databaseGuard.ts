import { isPostgresPath, postgresLocation } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseFingerprint, WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import {
  changeDifference,
  pinFor,
  pinOf,
  verifyPin,
  type DatabasePin,
  type PinVerdict,
} from '../../core/identity/databasePin.ts';
import {
  acceptedOperation,
  type JournalAuthor,
  type JournalEntry,
} from '../../core/identity/journalEntry.ts';
import type { Operation } from '../../core/identity/operation.ts';
import { requireKnown, requireWritable, type WriteConsent } from '../../core/identity/requireWritable.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { removeLeftovers } from './removeLeftovers.ts';
import { realPathOf } from '../system/realPath.ts';
import { FolderJournal } from '../writer/folderJournal.ts';
import { journalAuthor } from '../writer/journalAuthor.ts';
import { PinFile } from './pinFile.ts';

/** What a guard works with. */
export interface DatabaseGuardDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  /** Where the pins are kept; absolute. */
  readonly workspaceFolder: string;
  /** Who says which state of a database is the right one, for the journal; by default this process, as a command line. */
  readonly author?: JournalAuthor;
  /** Called with a sentence when a database is written that the folder did not know. */
  readonly onFirstPin?: (message: string) => void;
}

/** What is known of a database, and how it compares with what was pinned. */
export interface Inspection {
  readonly fingerprint: DatabaseFingerprint;
  readonly pin: DatabasePin | null;
  readonly verdict: PinVerdict;
  /** Why the pins could not be read, if so: then nothing is known of the database, and it is not written. */
  readonly pinsProblem: UserFacingError | null;
}

/** Knows the databases of one workspace folder, and lets a write go ahead only into the one that is meant. */
export class DatabaseGuard {
  readonly #deps: DatabaseGuardDeps;
  readonly #pins: PinFile;
  readonly #journal: FolderJournal;

  constructor(deps: DatabaseGuardDeps) {
    this.#deps = deps;
    this.#pins = new PinFile(deps.workspaceFolder);
    this.#journal = new FolderJournal(deps.workspaceFolder);
  }

  /** Reads a database and compares it with its pin. Changes nothing, and goes on where the pins cannot be read. */
  async inspect(path: string, signal?: AbortSignal): Promise<Inspection> {
    const { pins, problem } = await this.#readPins();
    const runIds = [...new Set(pins.flatMap(({ runs }) => runs.map(({ id }) => id)))];
    const serials = [...new Set(pins.map(({ lastChange }) => lastChange.serial))];
    const { value: fingerprint } = await this.#deps.reader.request(
      path,
      'databaseFingerprint',
      { runIds, serials },
      signal,
    );
    const pin = pinFor(pins, fingerprint);
    return { fingerprint, pin, verdict: verifyPin(fingerprint, pin), pinsProblem: problem };
  }

  /**
   * The file that a copy was made of, absolute: the one this folder knows, where it is still there as it was. `null`
   * where that is not known, as for a file restored in its place.
   */
  async originalOf(
    { fingerprint, pin, verdict }: Omit<Inspection, 'pinsProblem'>,
    signal?: AbortSignal,
  ): Promise<string | null> {
    if (verdict.kind !== 'copy-or-restored' || pin === null || pin.path === fingerprint.path) return null;
    if (callsAnotherServer(pin.path, fingerprint.path)) return null;
    const asked = { runIds: pin.runs.map(({ id }) => id), serials: [pin.lastChange.serial] };
    try {
      const { value: other } = await this.#deps.reader.request(
        pin.path,
        'databaseFingerprint',
        asked,
        signal,
      );
      return verifyPin(other, pin).kind === 'same' ? pin.path : null;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      return null;
    }
  }

  /**
   * Lets an operation go ahead, and pins the database it will be done to. The answer is what must still hold inside
   * the transaction. Throws what {@link requireWritable} throws, and `unreadable-pins` where the pins cannot be read; nothing
   * is pinned then.
   */
  async authorise(
    path: string,
    operation: Operation,
    consent: WriteConsent = {},
    signal?: AbortSignal,
  ): Promise<WriteExpectation> {
    const { fingerprint, pin, verdict, pinsProblem } = await this.inspect(path, signal);
    if (pinsProblem !== null) throw pinsProblem;
    const expected = requireWritable(fingerprint, operation, verdict, consent);
    await this.#keep(fingerprint, pin);
    // A first pin needs no consent: nothing is known that it could stand against. But nobody should wonder later.
    if (pin === null) this.#deps.onFirstPin?.(firstPinText(fingerprint));
    return expected;
  }

  /**
   * What setting the protection of a database rests on. `name` begins a sentence. Throws what {@link requireKnown} throws, and
   * `unreadable-pins`; pins nothing.
   */
  async requireKnown(
    path: string,
    name: string,
    consent: WriteConsent = {},
    signal?: AbortSignal,
  ): Promise<WriteExpectation> {
    const { fingerprint, verdict, pinsProblem } = await this.inspect(path, signal);
    if (pinsProblem !== null) throw pinsProblem;
    return requireKnown(fingerprint, name, verdict, consent);
  }

  /** Pins a database as it is now, on a person's word: they made it, adopted it, or restored it. */
  async pin(path: string, signal?: AbortSignal): Promise<DatabaseFingerprint> {
    const { fingerprint, pin } = await this.inspect(path, signal);
    await this.#keep(fingerprint, pin);
    return fingerprint;
  }

  /** The last change that this folder or the database itself (absolute path) knows of; 0 where neither does. */
  async lastSerial(path: string): Promise<number> {
    const real = await realPathOf(path);
    const { pins } = await this.#readPins();
    const seen = pins.find((pin) => pin.path === real)?.lastChange.serial ?? 0;
    const own = await this.inspect(path).then(
      ({ fingerprint, pin }) => Math.max(fingerprint.lastChange.serial, pin?.lastChange.serial ?? 0),
      // A damaged file, or none, says nothing.
      () => 0,
    );
    return Math.max(seen, own);
  }

  async #readPins(): Promise<{
    readonly pins: readonly DatabasePin[];
    readonly problem: UserFacingError | null;
  }> {
    try {
      const pins = await this.#pins.read();
      const seen = await this.#journal.lastChanges(pins.map(({ id }) => id));
      return {
        pins: pins.map((pin) => ({ ...pin, lastChange: seen.get(pin.id) ?? pin.lastChange })),
        problem: null,
      };
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw error;
      return { pins: [], problem: error };
    }
  }

  #noteAccepted(pin: DatabasePin, before: DatabasePin): Promise<void> {
    const { author = journalAuthor('command line'), workspaceFolder } = this.#deps;
    return this.#journal.add(acceptance(pin, before, author, workspaceFolder), () => []);
  }

  async #keep(fingerprint: DatabaseFingerprint, before: DatabasePin | null): Promise<void> {
    const pin = pinOf(fingerprint, this.#deps.clock.now());
    if (pin !== null && before?.id === pin.id && changeDifference(fingerprint, before.lastChange) !== null) {
      await this.#noteAccepted(pin, before);
    }
    if (pin !== null) await this.#pins.add(pin);
    await removeLeftovers(fingerprint.path, this.#deps.workspaceFolder);
  }
}

/** A state of a database that a person took for the right one: from now on its last change is the last one seen. */
function acceptance(
  pin: DatabasePin,
  before: DatabasePin,
  author: JournalAuthor,
  folder: string,
): JournalEntry {
  const { id, path, pinnedAt, lastChange } = pin;
  const nothing = { subject: {}, rows: {}, further: 0, backup: null, session: null };
  return {
    ...nothing,
    ...{ serial: lastChange.serial, mark: lastChange.mark ?? '', before: before.lastChange.serial },
    ...{ at: pinnedAt, operation: acceptedOperation, database: id, author, folder, path },
  };
}

function firstPinText({ path, id, role }: DatabaseFingerprint): string {
  return `${path} was not known in this folder; from now on it is its ${role} database ${id ?? ''}, and another in its place is refused.`;
}

/** The pins may have come with a clone: no server is called, and told who one is, because they name it. */
function callsAnotherServer(pinned: string, current: string): boolean {
  if (!isPostgresPath(pinned)) return false;
  if (!isPostgresPath(current)) return true;
  const [a, b] = [postgresLocation(pinned), postgresLocation(current)];
  return a.host !== b.host || a.port !== b.port || a.user !== b.user;
}
