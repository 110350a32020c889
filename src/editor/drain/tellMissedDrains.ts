import { storedSummary } from '../../core/drain/restoreSession.ts';
import type { FollowEnd } from '../../node/drain/drainClient.ts';
import { readStoredDrain } from '../drains/storedDrain.ts';
import type { DrainMemory, DrainPlace } from './drainMemory.ts';
import type { DrainRunner } from './drainRunner.ts';

/** What telling of missed drains needs. */
export interface MissedDrainsDeps {
  readonly memory: DrainMemory;
  readonly runner: Pick<DrainRunner, 'lives'>;
  readonly finish: (place: DrainPlace, end: FollowEnd) => Promise<void>;
}

/** Tells how drains ended while their window was closed or reloaded; to be called when those under way were found. */
export async function tellMissedDrains({ memory, runner, finish }: MissedDrainsDeps): Promise<void> {
  for (const place of memory.all) {
    const { databasePath, workspaceFolder: folder, sessionId } = place;
    if (runner.lives.some((live) => live.databasePath === databasePath)) continue;
    const stored = await readStoredDrain({ folder, sessionId }).catch(() => null);
    // It cannot be followed, and goes on.
    if (stored?.isRunning === true) continue;
    memory.forget(databasePath);
    if (stored === null) continue;
    const summary = storedSummary(stored);
    await finish(place, summary === null ? { kind: 'lost' } : { kind: 'stopped', summary });
  }
}
