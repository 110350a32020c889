import { once } from 'node:events';
import { DatabaseWatcher } from '../node/watch/databaseWatcher.ts';
import type { CommandContext } from './commandContext.ts';

/**
 * Calls `show` now and after each change of the database at `path` (absolute), one call after the other, until Ctrl+C; of
 * changes that come during a call, only the last leads to another call.
 */
export async function watchDatabase(
  path: string,
  { reader, logger, signal }: CommandContext,
  show: () => Promise<void>,
): Promise<void> {
  const changes = new EventTarget();
  let isChanged = true;
  const watcher = new DatabaseWatcher({
    path,
    reader,
    logger,
    onEvent: () => {
      isChanged = true;
      changes.dispatchEvent(new Event('changed'));
    },
  });
  try {
    while (!signal.aborted) {
      if (!isChanged) await once(changes, 'changed', { signal }).catch(() => undefined);
      else {
        isChanged = false;
        await show();
      }
    }
  } finally {
    watcher.dispose();
  }
}
