import * as vscode from 'vscode';
import type { DrainJob } from '../../core/drain/drainPorts.ts';
import { newLiveDrain, type LiveDrain } from '../../core/drain/drainProgress.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DrainClient, FollowEnd, FollowListener } from '../../node/drain/drainClient.ts';
import type { DescribedExecutor } from '../../node/drain/executors.ts';
import type { FollowerService } from '../../node/drain/followerService.ts';
import type { DrainHostPlace } from '../../node/drain/startDrainHost.ts';
import { passwordOf } from '../../node/postgres/passwords.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DrainControl } from '../../protocol/drainProtocol.ts';
import { FollowedDrain, type ConnectDrain } from './followedDrain.ts';
import type { FollowedDrainStore, DrainPlace } from './followedDrainStore.ts';

/** What running drains needs. */
export interface DrainRunnerDeps extends DrainHostPlace {
  /** The entry of the reader's thread, a `file:` URL. */
  readonly workerUrl: URL;
  readonly writerUrl: URL;
  readonly clock: ClockPort;
  readonly log: LoggerPort;
  readonly store: FollowedDrainStore;
  /** What this window serves the drain of a database. */
  readonly serviceOf: (databasePath: string) => FollowerService;
  /** Says what a drain came to. Must not throw. */
  readonly finish: (place: DrainPlace, end: FollowEnd, isStep: boolean) => Promise<void>;
}

/** One drain to be run. */
export interface DrainStart extends DrainJob {
  readonly executor: DescribedExecutor;
  /** The database that was agreed to. */
  readonly expected: WriteExpectation;
  /** Of the API server that the executor reuses, if one was stored for it. */
  readonly apiKey?: string | undefined;
  /** Of the model endpoint that the executor asks. */
  readonly modelKey?: string | undefined;
  /** Whether a person is asked before a built-in builder writes files. */
  readonly approval: 'ask' | 'hands-off';
  /** How many processes work on it. */
  readonly workers: number;
  /** A step of more, whose outcome is told at its end. */
  readonly isStep?: boolean;
}

/**
 * Begins drains in processes of their own, and follows those that are under way, whoever began them, each under a
 * notification that shows how far it is and can cancel it. A drain goes on when its window is gone.
 */
export class DrainRunner implements vscode.Disposable {
  readonly #deps: DrainRunnerDeps;
  readonly #changes = new vscode.EventEmitter<void>();
  /** A drain has begun, made progress, or ended. */
  readonly onDidChange = this.#changes.event;
  /** By database. */
  readonly #followed = new Map<string, FollowedDrain>();
  /** Drains that cannot be followed, by endpoint: of another version, or not answering. */
  readonly #given = new Set<string>();
  #isDisposed = false;

  constructor(deps: DrainRunnerDeps) {
    this.#deps = deps;
  }

  /** The drains this window follows. */
  get lives(): readonly LiveDrain[] {
    return [...this.#followed.values()].map(({ live }) => live);
  }

  /** Fails with `drain-running` while a drain of the database is followed. `databasePath` is absolute and real. */
  refuseSecond(databasePath: string): void {
    if (!this.#followed.has(databasePath)) return;
    throw new UserFacingError(
      'drain-running',
      t`${databaseName(databasePath)} is being drained.`,
      t`Wait for its end, or cancel it in the Drains view.`,
    );
  }

  /** Drains in a process of its own, and resolves to its end when that was shown, or this window no longer follows it. */
  async run(order: DrainStart): Promise<FollowEnd> {
    const {
      databasePath,
      workspaceFolder,
      executor,
      options,
      resume = null,
      expected,
      approval,
      workers,
    } = order;
    this.refuseSecond(databasePath);
    const { workerUrl, writerUrl, clock } = this.#deps;
    const startedAt = clock.now();
    const live = newLiveDrain({ databasePath, workspaceFolder, executor: executor.name, startedAt });
    const job = {
      databasePath,
      workspaceFolder,
      options,
      resume,
      expected,
      approval,
      workers,
      workerUrl: workerUrl.href,
      writerUrl: writerUrl.href,
    };
    const connect: ConnectDrain = async (onChange) => {
      const { startDrainHost } = await import('../../node/drain/startDrainHost.ts');
      return startDrainHost(
        { ...job, executor: executor.description },
        {
          ...this.#deps,
          apiKey: order.apiKey,
          modelKey: order.modelKey,
          databasePassword: isPostgresPath(databasePath)
            ? (passwordOf(databasePath) ?? undefined)
            : undefined,
          service: this.#deps.serviceOf(databasePath),
        },
        onChange,
      );
    };
    return this.#follow(databasePath, live, connect, order.isStep);
  }

  /** Follows the drain of a database if there is one that is not followed yet. Resolves when that is known; never rejects. */
  async find(databasePath: string): Promise<void> {
    await this.#find(databasePath).catch((error: unknown) => {
      this.#deps.log.debug(`Could not check whether ${databasePath} is being drained: ${String(error)}`);
    });
  }

  async #find(databasePath: string): Promise<void> {
    if (this.#followed.has(databasePath)) return;
    const { findDrainEndpoint } = await import('../../node/drain/drainEndpoint.ts');
    const endpoint = await findDrainEndpoint(databasePath);
    if (endpoint === null || this.#given.has(endpoint)) return;
    let listener: FollowListener = () => undefined;
    let follower: DrainClient;
    try {
      const { DrainClient } = await import('../../node/drain/drainClient.ts');
      follower = await DrainClient.connect(
        endpoint,
        (live, progress) => listener(live, progress),
        this.#deps.serviceOf(databasePath),
      );
    } catch (error) {
      this.#deps.log.warn(`The drain of ${databasePath} cannot be followed: ${String(error)}`);
      this.#given.add(endpoint);
      return;
    }
    // A drain may have been begun here meanwhile.
    if (this.#followed.has(databasePath) || this.#isDisposed) {
      follower.close();
      return;
    }
    void this.#follow(databasePath, follower.live, (onChange) => {
      listener = onChange;
      return Promise.resolve(follower);
    });
  }

  /** Asks a drain to end, to pause or to go on. `databasePath` is absolute and real. */
  ask(databasePath: string, kind: DrainControl['kind']): void {
    this.#followed.get(databasePath)?.ask(kind);
  }

  /** Lets go of every drain; they go on. */
  dispose(): void {
    this.#isDisposed = true;
    for (const followed of this.#followed.values()) followed.close();
    this.#changes.dispose();
  }

  async #follow(
    databasePath: string,
    live: LiveDrain,
    connect: ConnectDrain,
    isStep = false,
  ): Promise<FollowEnd> {
    const { log, logPath, store, finish } = this.#deps;
    const onChange = (): void => {
      if (this.#isDisposed) return;
      store.remember(followed.live);
      this.#changes.fire();
    };
    const followed = new FollowedDrain(databasePath, live, { log, onChange });
    this.#followed.set(databasePath, followed);
    onChange();
    let end: FollowEnd;
    try {
      end = await followed.follow(connect);
    } catch (error) {
      end = { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    }
    this.#followed.delete(databasePath);
    if (this.#isDisposed) return letGo;
    onChange();
    if (end.kind === 'lost') {
      await this.find(databasePath);
      // The link was cut, and the drain is there.
      if (this.#followed.has(databasePath)) return letGo;
      log.error(`The drain of ${databasePath} ended unexpectedly; see ${logPath}`);
    }
    store.forget(databasePath);
    await finish(followed.live, end, isStep);
    // It may have been refused because of one that was begun elsewhere.
    if (end.kind === 'failed') await this.find(databasePath);
    return end;
  }
}

const letGo: FollowEnd = { kind: 'let-go' };
