import type * as vscode from 'vscode';
import * as z from 'zod';
import type { LiveDrain } from '../../core/drain/drainProgress.ts';

const key = 'followedDrains';
const stored = z.array(
  z.object({ databasePath: z.string(), workspaceFolder: z.string(), sessionId: z.string() }),
);

/** A drain whose end a person waits for: by that it is found again. */
export type DrainPlace = Pick<LiveDrain, 'databasePath' | 'workspaceFolder' | 'sessionId'>;

/** Remembers which drains a window follows, over its end: what came of them is to be told when it is opened again. */
export class DrainMemory {
  readonly #memento: vscode.Memento;

  /** The memento of the workspace. */
  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Those whose end was not told. */
  get all(): z.output<typeof stored> {
    return stored.safeParse(this.#memento.get(key)).data ?? [];
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
