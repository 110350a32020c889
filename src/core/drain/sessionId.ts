import { timeId } from '../model/timeId.ts';

/** The id of a session started at a time (ms since the epoch): `batch-drain-YYYYMMDD-HHMMSS`, in UTC. */
export function sessionIdAt(ms: number): string {
  return `batch-drain-${timeId(ms)}`;
}

/**
 * The name of our file beside a session file. It must not begin like a session:
 * the reference takes every `batch-drain-*.json` for one, and trips over what it does not know.
 */
export function hygieneFileName(sessionId: string): string {
  return `hygiene-${sessionId}.json`;
}
