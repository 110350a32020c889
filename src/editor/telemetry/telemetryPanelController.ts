import { CancelledError, serializeError, type SerializedError } from '../../core/errors.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type {
  TelemetryPageMessage,
  Outcome,
  TelemetryHostBody,
  TelemetryDatabase,
  TelemetrySection,
} from '../../protocol/telemetryProtocol.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { CoalescedTask } from '../window/disposableStore.ts';
import { exportTelemetry } from './exportTelemetry.ts';
import { savePicture } from './savePicture.ts';
import type { ExportFiles, CalibrationProposals } from './telemetryParts.ts';

type Analyse = Extract<TelemetryPageMessage, { kind: 'analyse' }>;

/** How long a page asks nothing new before it is sent more. */
const pauseMs = 300;

/** What a conversation needs. */
export interface TelemetryPanelControllerDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly clock: ClockPort;
  readonly log: LoggerPort;
  readonly files: ExportFiles;
  readonly proposals: CalibrationProposals;
  /** Sends to the page. */
  readonly send: (body: TelemetryHostBody) => void;
  /** This extension's version, which exports name. */
  readonly version: string;
}

/** The host's side of the talk with one telemetry page; the rules stand in the protocol. */
export class TelemetryPanelController {
  readonly #deps: TelemetryPanelControllerDeps;
  /** One answer at a time: a commit waits for the one under way, or a busy writer would never let any through. */
  readonly #answering = new CoalescedTask(() => this.#answer());
  #last: Analyse | undefined;
  /** What the page is to show and has not shown yet: one that was hidden begins anew, and what is sent meanwhile is lost. */
  #wanted: TelemetrySection | undefined;
  /** The state whose coverage the page has. */
  #covered: string | undefined;
  #reading = new AbortController();
  readonly #ended = new AbortController();
  readonly #proposals: CalibrationProposals;
  readonly #outcomes: PageOutcomes;

  constructor(deps: TelemetryPanelControllerDeps) {
    this.#deps = deps;
    this.#proposals = deps.proposals;
    this.#outcomes = new PageOutcomes(deps);
  }

  /** Takes a message of the page. */
  async onMessage(message: TelemetryPageMessage): Promise<void> {
    switch (message.kind) {
      case 'analyse':
        this.#last = message;
        // A page that begins anew has nothing, and heard nothing of what was sent to the one before.
        if (message.request === 1) {
          this.#covered = undefined;
          if (this.#wanted !== undefined) this.reveal(this.#wanted);
        }
        return this.restart();
      case 'revealed':
        this.#wanted = undefined;
        return;
      case 'openPhase':
        return this.#outcomes.act(async () => {
          // Its row is where a person goes on from: what can be done about it stands there.
          await executeCommand('showInRuns', message.phase);
          await executeCommand('showPhase', message.phase);
        });
      case 'runAction':
        // The page's actions are named as our commands are; the compiler holds it.
        return this.#outcomes.act(() => executeCommand(message.action));
      case 'calibrate':
        return this.#calibrate(message.anyRole);
      case 'writeProposal':
        return this.#outcomes.act(() => this.#proposals.write(message.state));
      case 'applyProposal':
        return this.#outcomes.act(() => this.#proposals.apply(message.state));
      case 'chooseEstimator':
        return this.#outcomes.act(() => this.#chooseEstimator());
      case 'export':
        return this.#outcomes.act(() =>
          exportTelemetry(message, this.#deps.selected.requirePath(), this.#deps),
        );
      case 'savePicture':
        return this.#outcomes.act(() =>
          savePicture(message, this.#deps.selected.requirePath(), this.#deps.files),
        );
      case 'page-failed':
        this.#deps.log.error(`The telemetry page failed: ${message.message}`);
    }
  }

  /** Has the page show a section, now or with its first figures. */
  reveal(section: TelemetrySection): void {
    this.#wanted = section;
    if (this.#last !== undefined) this.#deps.send({ kind: 'reveal', section });
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

  /** Lets the page write what it may write now. */
  trustGranted(): void {
    this.#proposals.trustGranted();
  }

  /** Ends what is under way. */
  end(): void {
    this.#last = undefined;
    this.#reading.abort();
    this.#ended.abort();
  }

  async #answer(): Promise<void> {
    const last = this.#last;
    if (last === undefined) return;
    const { request, options, filter, compared } = last;
    const { signal } = this.#reading;
    const { send, selected, reader } = this.#deps;
    const { path } = selected;
    if (path === undefined) {
      send({ kind: 'no-database', request });
      return;
    }
    send({ kind: 'working', request, database: shownDatabase(selected) });
    try {
      const { value, warnings, version } = await reader.request(
        path,
        'telemetryView',
        { options, filter, compared },
        signal,
      );
      // The role is known once the database was looked at, which the analysis may have overtaken.
      const database = shownDatabase(selected) ?? (await readShownDatabase(selected, signal));
      if (signal.aborted) return;
      send({ kind: 'report', request, database, state: version.token, view: value, warnings });
      await this.#sendCoverage(path, version.token, signal);
      await this.#sendModels(path, last, signal);
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) return;
      send({
        kind: 'failed',
        request,
        database: shownDatabase(selected),
        error: this.#outcomes.serialize(error),
      });
    }
  }

  /** A filter that is still being put together must not wait for figures that nobody will see. */
  async #sendModels(path: string, { request, options, filter }: Analyse, signal: AbortSignal): Promise<void> {
    const { reader, send, clock } = this.#deps;
    await clock.sleep(pauseMs, signal);
    const outcome = await this.#outcomes.of(async () => {
      return (await reader.request(path, 'modelFigures', { options, filter }, signal)).value;
    });
    if (!signal.aborted) send({ kind: 'models', request, outcome });
  }

  async #sendCoverage(path: string, state: string, signal: AbortSignal): Promise<void> {
    if (this.#covered === state) return;
    const { reader, send } = this.#deps;
    const outcome = await this.#outcomes.of(async () => {
      const { value } = await reader.request(path, 'coverage', null, signal);
      return value.coverage;
    });
    if (signal.aborted) return;
    this.#covered = state;
    send({ kind: 'coverage', state, outcome });
  }

  async #calibrate(anyRole: boolean): Promise<void> {
    const { selected, send } = this.#deps;
    const { path } = selected;
    if (path === undefined) return;
    let state = '';
    const outcome = await this.#outcomes.of(async () => {
      const found = await this.#proposals.workOut(path, anyRole, this.#ended.signal);
      state = found.state;
      return found.value;
    });
    if (!this.#ended.signal.aborted) send({ kind: 'calibration', state, outcome });
  }

  /** Other coefficients have another proposal. */
  async #chooseEstimator(): Promise<void> {
    if (await this.#proposals.chooseEstimator()) await this.#calibrate(false);
  }
}

/** What telling a page of failures needs. */
export interface PageOutcomesDeps {
  readonly log: LoggerPort;
  /** Sends to the page. */
  readonly send: (body: TelemetryHostBody) => void;
}

/** How a page learns the result of an action, or why it failed. */
class PageOutcomes {
  readonly #deps: PageOutcomesDeps;

  constructor(deps: PageOutcomesDeps) {
    this.#deps = deps;
  }

  /** What the work gives, or why it failed. */
  async of<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { kind: 'known', value: await work() };
    } catch (error) {
      return { kind: 'failed', error: this.serialize(error) };
    }
  }

  /** Does what a person asked for on the page, and tells the page if it fails. */
  async act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.send({ kind: 'action-failed', error: this.serialize(error) });
    }
  }

  /** An error for the page; what is not meant for a person goes to the log as well. */
  serialize(error: unknown): SerializedError {
    const plain = serializeError(error);
    if (plain.code === 'internal') this.#deps.log.error('The telemetry page was not served', error);
    return plain;
  }
}

/** The selected database as a page shows it; `null` while its role is not known. */
function shownDatabase({ state }: SelectedDatabase): TelemetryDatabase | null {
  return state.kind === 'ready'
    ? { fileName: databaseName(state.path), path: state.path, role: state.facts.role, id: state.facts.id }
    : null;
}

/** The same, read anew. Rejects as the reader does. */
async function readShownDatabase(
  selected: SelectedDatabase,
  signal: AbortSignal,
): Promise<TelemetryDatabase> {
  const { path, role, id } = await selected.readFacts(signal);
  return { fileName: databaseName(path), path, role, id };
}
