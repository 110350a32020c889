import type { RunningDrain } from '../postgres/drainRows.ts';

/** How long what a server has told of its drains is taken for true, in ms: lists of sessions ask for each of them. */
const defaultFreshMs = 1000;
const told = new Map<string, { readonly at: number; readonly drain: Promise<RunningDrain | null> }>();

/** The drain of a database on a server that is under way, as that tells; `null` where there is none. */
export function drainOnServer(databasePath: string, freshMs = defaultFreshMs): Promise<RunningDrain | null> {
  const now = performance.now();
  const known = told.get(databasePath);
  if (known !== undefined && now - known.at < freshMs) return known.drain;
  const drain = ask(databasePath);
  told.set(databasePath, { at: now, drain });
  drain.catch(() => told.delete(databasePath));
  return drain;
}

async function ask(databasePath: string): Promise<RunningDrain | null> {
  const [{ askServer }, { runningDrainRow }] = await Promise.all([
    import('../postgres/databaseServer.ts'),
    import('../postgres/drainRows.ts'),
  ]);
  return askServer(databasePath, (connection) => runningDrainRow(connection));
}
