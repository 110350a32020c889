import * as vscode from 'vscode';
import type { LiveDrain, DrainProgress } from '../../core/drain/drainProgress.ts';
import { workersText } from '../../core/drain/workersText.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DrainClient, FollowEnd, FollowListener } from '../../node/drain/drainClient.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DrainControl } from '../../protocol/drainProtocol.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { DrainProgressReporter } from './drainProgressReporter.ts';

/** Gets hold of a drain. */
export type ConnectDrain = (onChange: FollowListener) => Promise<DrainClient>;

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
  readonly #asked: DrainControl[] = [];
  #live: LiveDrain;
  #follower: DrainClient | null = null;
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

  ask(kind: DrainControl['kind']): void {
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
      title: t`Draining ${databaseName(this.databasePath)}`,
      cancellable: true,
    };
    return safeWindow.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => this.ask('cancel'));
      const tally = new DrainProgressReporter();
      const onChange: FollowListener = (live, event) => {
        // Several come each second.
        if (event !== null && event.kind !== 'phase-progress') this.#deps.log.info(drainLogLine(event));
        this.#live = { ...live, databasePath: this.databasePath };
        progress.report(tally.report(live));
        this.#deps.onChange();
      };
      progress.report(tally.report(this.#live));
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
function drainLogLine(event: Exclude<DrainProgress, { kind: 'phase-progress' }>): string {
  switch (event.kind) {
    case 'session-started':
      return `Drain ${event.sessionId}: ${event.candidates} candidates, executor ${event.executor}, ${event.sessionPath}`;
    case 'warning':
      return `Drain: ${event.message}`;
    case 'phase-started':
      return `${event.key.runId}/${event.key.phaseId} starts, attempt ${event.attempt}: ${event.reason}`;
    case 'phase-finished': {
      const { runId, phaseId, finalState, error } = event.result;
      return `${runId}/${phaseId} is ${finalState}${error === null ? '' : `: ${error}`}`;
    }
    case 'run-judged':
      return `The run ${event.runId} is ${event.promising ? 'promising' : 'left for later'}: ${event.reason}`;
    case 'pause-changed':
      return `The drain is ${event.pause === 'none' ? 'at work' : event.pause}`;
    case 'workers-changed':
      return `At work: ${workersText(event.workers)}`;
    case 'stopped':
      return `The drain ended: ${event.summary.stop.message}`;
  }
}
