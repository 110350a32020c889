import type * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import type { StoredSession } from '../../core/drain/drainPorts.ts';
import type { LiveDrain } from '../../core/drain/drainProgress.ts';
import type { SessionTarget } from '../ids.ts';

const key = 'followedDrains';
const stored = lazily(() =>
  z.array(z.object({ databasePath: z.string(), workspaceFolder: z.string(), sessionId: z.string() })),
);

/** A drain whose end a person waits for: by that it is found again. */
export type DrainPlace = Pick<LiveDrain, 'databasePath' | 'workspaceFolder' | 'sessionId'>;

/** Remembers which drains a window follows, over its end: their outcome is shown when it is opened again. */
export class FollowedDrainStore {
  readonly #memento: vscode.Memento;

  /** The memento of the workspace. */
  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Whether no outcome has to be shown any more, as far as can be told without looking. */
  get isEmpty(): boolean {
    return this.#memento.get(key) === undefined;
  }

  /** Those whose outcome was not shown yet. */
  get all(): z.output<ReturnType<typeof stored>> {
    return stored().safeParse(this.#memento.get(key)).data ?? [];
  }

  /** Once the drain has a session. */
  remember({ databasePath, workspaceFolder, sessionId }: DrainPlace): void {
    if (sessionId === null || this.all.some((each) => each.sessionId === sessionId)) return;
    const others = this.all.filter((each) => each.databasePath !== databasePath);
    void this.#memento.update(key, [...others, { databasePath, workspaceFolder, sessionId }]);
  }

  forget(databasePath: string): void {
    const others = this.all.filter((each) => each.databasePath !== databasePath);
    if (others.length < this.all.length) void this.#memento.update(key, others);
  }
}

/** Where a workspace folder keeps its drain sessions, with `/` between the parts. */
export const sessionsFolder = '.autonomous_runs/batch_drain_sessions';

/** A session as it lies on disk. */
export interface StoredDrain extends StoredSession {
  /** The workspace folder it belongs to; absolute. */
  readonly folder: string;
  /** A live process holds the lock of its database for it. */
  readonly isRunning: boolean;
}

/**
 * Reads a session of ours or of Autopack; see {@link SessionFiles.load} for what it throws. Whether it runs is
 * looked up at its database, which may lie anywhere: not where `mayLookAround` is false, for a folder that is not trusted.
 */
export async function readStoredDrain(
  { folder, sessionId }: SessionTarget,
  mayLookAround = true,
): Promise<StoredDrain> {
  const { isSessionRunning, SessionFiles } = await import('../../node/drain/sessionStore.ts');
  const stored = await new SessionFiles(folder).load(sessionId, mayLookAround);
  const { facts } = stored;
  const isRunning = mayLookAround && facts?.status === 'running' && (await isSessionRunning(facts));
  return { ...stored, folder, isRunning };
}
