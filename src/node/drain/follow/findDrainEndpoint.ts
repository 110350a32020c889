import { hostname } from 'node:os';
import { runningDrain } from '../drainLock.ts';
import { isDrainEndpoint } from './drainEndpoint.ts';

/** Where the drain of a database can be followed; `null` where there is none, or none on this machine that says so. */
export async function findDrainEndpoint(databasePath: string): Promise<string | null> {
  const found = await runningDrain(databasePath);
  const endpoint = found?.endpoint;
  if (endpoint === undefined || found?.host !== hostname()) return null;
  return isDrainEndpoint(endpoint) ? endpoint : null;
}
