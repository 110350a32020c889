import type { DatabaseMark, WriteExpectation } from '../../core/guard/databaseMark.ts';
import { type DatabasePin, pinFor, pinOf } from '../../core/guard/databasePin.ts';
import type { Operation } from '../../core/guard/operation.ts';
import { requireWritable, type WriteConsent } from '../../core/guard/requireWritable.ts';
import { type PinVerdict, verifyPin } from '../../core/guard/verifyPin.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { PinFile } from './pinFile.ts';

/** What a guard works with. */
export interface DatabaseGuardDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  /** Where the pins are kept; absolute. */
  readonly workspaceFolder: string;
}

/** What is known of a database, and how it compares with what was pinned. */
export interface Inspection {
  readonly mark: DatabaseMark;
  readonly pin: DatabasePin | null;
  readonly verdict: PinVerdict;
}

/** Knows the databases of one workspace folder, and lets a write go ahead only into the one that is meant. */
export class DatabaseGuard {
  readonly #deps: DatabaseGuardDeps;
  readonly #pins: PinFile;

  constructor(deps: DatabaseGuardDeps) {
    this.#deps = deps;
    this.#pins = new PinFile(deps.workspaceFolder);
  }

  /** Reads a database and compares it with its pin. Changes nothing. */
  async inspect(path: string, signal?: AbortSignal): Promise<Inspection> {
    const pins = await this.#pins.read();
    const runIds = [...new Set(pins.flatMap(({ runs }) => runs.map(({ id }) => id)))];
    const { value: mark } = await this.#deps.reader.ask(path, 'databaseMark', { runIds }, signal);
    const pin = pinFor(pins, mark);
    return { mark, pin, verdict: verifyPin(mark, pin) };
  }

  /**
   * Lets an operation go ahead, and pins the database it will be done to. The answer is what must still hold inside
   * the transaction. Throws what {@link requireWritable} throws; nothing is pinned then.
   */
  async authorise(
    path: string,
    operation: Operation,
    consent: WriteConsent = {},
    signal?: AbortSignal,
  ): Promise<WriteExpectation> {
    const { mark, verdict } = await this.inspect(path, signal);
    const expected = requireWritable(mark, operation, verdict, consent);
    await this.#keep(mark);
    return expected;
  }

  /** Pins a database as it is now, on a person's word: they made it, adopted it, or restored it. */
  async pin(path: string, signal?: AbortSignal): Promise<DatabaseMark> {
    const { value: mark } = await this.#deps.reader.ask(path, 'databaseMark', { runIds: [] }, signal);
    await this.#keep(mark);
    return mark;
  }

  async #keep(mark: DatabaseMark): Promise<void> {
    const pin = pinOf(mark, this.#deps.clock.now());
    if (pin !== null) await this.#pins.add(pin);
  }
}
