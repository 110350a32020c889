import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LiveDrain, DrainProgress } from '../../core/drain/drainProgress.ts';
import type { LoggerPort } from '../../core/ports.ts';
import type { DrainFollower, FollowEnd, FollowListener } from '../../node/drain/drainClient.ts';
import type { DrainRequestMessage } from '../../protocol/drainProtocol.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { DrainTally } from './drainProgressReporter.ts';

/** Gets hold of a drain. */
export type ConnectDrain = (onChange: FollowListener) => Promise<DrainFollower>;

/** What following a drain needs. */
export interface FollowedDrainDeps {
  readonly log: LoggerPort;
  /** It stands otherwise now. */
  readonly onChange: () => void;
}

/** A drain this window follows, in its log and under a notification that shows how far it is and can cancel it. */
export class FollowedDrain {
  /** Absolute and real, by whatever link the drain was told of it. */
  readonly databasePath: string;
  readonly #deps: FollowedDrainDeps;
  /** What was asked of it before it answered. */
  readonly #asked: DrainRequestMessage[] = [];
  #live: LiveDrain;
  #follower: DrainFollower | null = null;
  #isClosed = false;

  /** `live` is how it stands as far as is known. */
  constructor(databasePath: string, live: LiveDrain, deps: FollowedDrainDeps) {
    this.databasePath = databasePath;
    this.#live = { ...live, databasePath };
    this.#deps = deps;
  }

  get live(): LiveDrain {
    return this.#live;
  }

  ask(kind: DrainRequestMessage['kind']): void {
    if (this.#follower === null) this.#asked.push({ kind });
    else this.#follower.send({ kind });
  }

  /** Lets go of the drain, which goes on. */
  close(): void {
    this.#isClosed = true;
    this.#follower?.close();
  }

  /** Follows it to its end, or until it is let go of. Rejects where `connect` does. */
  follow(connect: ConnectDrain): Thenable<FollowEnd> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Draining ${basename(this.databasePath)}`,
      cancellable: true,
    };
    return safeWindow.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => this.ask('cancel'));
      const tally = new DrainTally();
      const onChange: FollowListener = (live, told) => {
        if (told !== null) this.#deps.log.info(drainLogLine(told));
        this.#live = { ...live, databasePath: this.databasePath };
        progress.report(tally.hear(live));
        this.#deps.onChange();
      };
      progress.report(tally.hear(this.#live));
      const follower = await connect(onChange);
      this.#follower = follower;
      if (this.#isClosed) follower.close();
      onChange(follower.live, null);
      for (const request of this.#asked) follower.send(request);
      return follower.ended;
    });
  }
}

/** What a drain tells, as a line of the log. */
function drainLogLine(told: DrainProgress): string {
  switch (told.kind) {
    case 'session-started':
      return `Drain ${told.sessionId}: ${told.candidates} candidates, executor ${told.executor}, ${told.sessionPath}`;
    case 'warning':
      return `Drain: ${told.message}`;
    case 'phase-started':
      return `${told.key.runId}/${told.key.phaseId} starts, attempt ${told.attempt}: ${told.reason}`;
    case 'phase-finished': {
      const { runId, phaseId, finalState, error } = told.result;
      return `${runId}/${phaseId} is ${finalState}${error === null ? '' : `: ${error}`}`;
    }
    case 'run-judged':
      return `The run ${told.runId} is ${told.promising ? 'promising' : 'left for later'}: ${told.reason}`;
    case 'pause-changed':
      return `The drain is ${told.pause === 'none' ? 'at work' : told.pause}`;
    case 'stopped':
      return `The drain ended: ${told.summary.stop.message}`;
  }
}
