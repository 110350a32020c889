import { basename } from 'node:path';
import { CancelledError, serializeError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type {
  TelemetryDatabase,
  TelemetryHostBody,
  TelemetryPageMessage,
} from '../../protocol/telemetryProtocol.ts';
import { CoalescedTask } from '../coalescedTask.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';

type Analyse = Extract<TelemetryPageMessage, { kind: 'analyse' }>;

/** What a conversation needs. */
export interface TelemetryConversationDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly log: LoggerPort;
  /** Sends to the page. */
  readonly send: (body: TelemetryHostBody) => void;
}

/** The host's side of the talk with one telemetry page; the rules stand in the protocol. */
export class TelemetryConversation {
  readonly #deps: TelemetryConversationDeps;
  /** One answer at a time: a commit waits for the one under way, or a busy writer would never let any through. */
  readonly #answering = new CoalescedTask(() => this.#answer());
  #last: Analyse | undefined;
  #reading = new AbortController();

  constructor(deps: TelemetryConversationDeps) {
    this.#deps = deps;
  }

  /** Takes a message of the page. */
  async hear(message: TelemetryPageMessage): Promise<void> {
    switch (message.kind) {
      case 'analyse':
        this.#last = message;
        return this.restart();
      case 'openPhase':
        return this.#act(() => executeCommand('showPhase', message.phase));
      case 'runAction':
        // The page's actions are named as our commands are; the compiler holds it.
        return this.#act(() => executeCommand(message.action));
      case 'page-failed':
        this.#deps.log.error(`The telemetry page failed: ${message.message}`);
    }
  }

  /** Answers anew, and stops what is under way: the page asked something else, or another database was selected. */
  restart(): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    return this.#answering.run();
  }

  /** Answers again, because the database was written. */
  databaseCommitted(): Promise<void> {
    return this.#answering.run();
  }

  /** Ends what is under way. */
  end(): void {
    this.#last = undefined;
    this.#reading.abort();
  }

  async #answer(): Promise<void> {
    if (this.#last === undefined) return;
    const { request, options, filter } = this.#last;
    const { signal } = this.#reading;
    const { send, selected, reader } = this.#deps;
    const { path } = selected;
    if (path === undefined) {
      send({ kind: 'no-database', request });
      return;
    }
    send({ kind: 'working', request, database: this.#database() });
    try {
      const { value, warnings } = await reader.ask(path, 'telemetryView', { options, filter }, signal);
      // The role is known once the database was looked at, which the analysis may have overtaken.
      const database = this.#database() ?? (await this.#readDatabase(signal));
      if (!signal.aborted) send({ kind: 'report', request, database, view: value, warnings });
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) return;
      send({ kind: 'failed', request, database: this.#database(), error: this.#told(error) });
    }
  }

  async #act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.send({ kind: 'action-failed', error: this.#told(error) });
    }
  }

  #told(error: unknown): ReturnType<typeof serializeError> {
    const plain = serializeError(error);
    if (plain.code === 'internal') this.#deps.log.error('The telemetry was not analysed', error);
    return plain;
  }

  #database(): TelemetryDatabase | null {
    const { state } = this.#deps.selected;
    return state.kind === 'ready'
      ? { fileName: basename(state.path), path: state.path, role: state.facts.role }
      : null;
  }

  async #readDatabase(signal: AbortSignal): Promise<TelemetryDatabase> {
    const facts = await this.#deps.selected.readFacts(signal);
    return { fileName: basename(facts.path), path: facts.path, role: facts.role };
  }
}
