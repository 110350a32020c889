import { serializeError, type SerializedError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { Outcome, TelemetryHostBody } from '../../protocol/telemetryProtocol.ts';

/** What telling a page of failures needs. */
export interface PageOutcomesDeps {
  readonly log: LoggerPort;
  /** Sends to the page. */
  readonly send: (body: TelemetryHostBody) => void;
}

/** How a page is told what came of work, or why nothing did. */
export class PageOutcomes {
  readonly #deps: PageOutcomesDeps;

  constructor(deps: PageOutcomesDeps) {
    this.#deps = deps;
  }

  /** What the work gives, or why it failed. */
  async of<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { kind: 'known', value: await work() };
    } catch (error) {
      return { kind: 'failed', error: this.told(error) };
    }
  }

  /** Does what a person asked for on the page, and tells the page if it fails. */
  async act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.send({ kind: 'action-failed', error: this.told(error) });
    }
  }

  /** An error for the page; what is not meant for a person goes to the log as well. */
  told(error: unknown): SerializedError {
    const plain = serializeError(error);
    if (plain.code === 'internal') this.#deps.log.error('The telemetry page was not served', error);
    return plain;
  }
}
