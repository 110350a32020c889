import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/writeDatabase.ts';
import type { DrainProgress } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { ExecutorPort } from '../../core/drain/executorPort.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { runDrain } from '../../node/drain/runDrain.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { setContext } from '../commands/setContext.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { drainLogLine } from './drainLogLine.ts';
import { DrainTally } from './drainTally.ts';
import { hearProgress, type LiveDrain } from './liveDrain.ts';

/** What running drains needs. */
export interface DrainRunnerDeps {
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly log: LoggerPort;
}

/** One drain to be run. */
export interface DrainOrder {
  /** Absolute and real. */
  readonly databasePath: string;
  /** Absolute. */
  readonly workspaceFolder: string;
  readonly executor: ExecutorPort;
  readonly options: DrainRequest;
  /** The session to go on with; a new one without it. */
  readonly resume?: string | undefined;
  /** The database that was agreed to. */
  readonly expected: WriteExpectation;
}

/** Runs one drain at a time under a notification that shows how far it is and can cancel it. */
export class DrainRunner implements vscode.Disposable {
  readonly #deps: DrainRunnerDeps;
  readonly #changes = new vscode.EventEmitter<void>();
  /** The drain under way has begun, told something, or ended. */
  readonly onDidChange = this.#changes.event;
  #running: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined;
  #live: LiveDrain | undefined;

  constructor(deps: DrainRunnerDeps) {
    this.#deps = deps;
  }

  /** The drain under way in this window, if there is one. */
  get live(): LiveDrain | undefined {
    return this.#live;
  }

  /** Fails with `drain-running` while another drain is under way. */
  refuseSecond(): void {
    if (this.#running === undefined) return;
    throw new UserFacingError(
      'drain-running',
      'A drain is under way in this window.',
      'Wait for its end, or cancel it in its notification.',
    );
  }

  /** Drains, and resolves with what it came to, also after a cancellation. */
  async run(order: DrainOrder): Promise<DrainSummary> {
    this.refuseSecond();
    const abort = new AbortController();
    this.#show(liveDrain(order, this.#deps.clock.now()));
    const ended = this.#withProgress(order, abort);
    this.#running = { abort, ended };
    setContext('draining', true);
    try {
      return await ended;
    } finally {
      this.#running = undefined;
      setContext('draining', false);
      this.#show(undefined);
    }
  }

  /** Cancels what is under way; it ends a moment later. */
  cancel(): void {
    if (this.#running === undefined || this.#live === undefined) return;
    this.#running.abort.abort();
    this.#show({ ...this.#live, isCancelling: true });
  }

  dispose(): void {
    this.#changes.dispose();
  }

  /** Cancels what is under way and waits until its processes are gone. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.ended.catch(() => undefined);
  }

  async #withProgress(order: DrainOrder, abort: AbortController): Promise<DrainSummary> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Draining ${basename(order.databasePath)}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => this.cancel());
      abort.signal.addEventListener('abort', () =>
        progress.report({ message: 'ending the phase under way…' }),
      );
      const tally = new DrainTally();
      const onProgress = (told: DrainProgress): void => {
        this.#deps.log.info(drainLogLine(told));
        if (this.#live !== undefined) this.#show(hearProgress(this.#live, told));
        const report = tally.hear(told);
        if (report !== undefined && !abort.signal.aborted) progress.report(report);
      };
      const { log: logger, ...ports } = this.#deps;
      return runDrain({ ...order, ...ports, logger, onProgress }, abort.signal);
    });
  }

  #show(live: LiveDrain | undefined): void {
    this.#live = live;
    this.#changes.fire();
  }
}

function liveDrain({ databasePath, workspaceFolder, executor }: DrainOrder, startedAt: number): LiveDrain {
  return {
    databasePath,
    workspaceFolder,
    executor: executor.name,
    startedAt,
    sessionId: null,
    expected: 0,
    results: [],
    ended: 0,
    inFlight: null,
    isCancelling: false,
  };
}
