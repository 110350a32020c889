import * as z from 'zod';
import { epochMs } from '../model/timestamp.ts';
import type { DatabaseMark } from './databaseMark.ts';

const runMark = z.object({ id: z.string(), createdAt: epochMs.nullable() });

/** What a workspace remembers of a database it worked on. Times are ms since the epoch. */
export const databasePin = z.object({
  id: z.string(),
  role: z.enum(['seed', 'legacy']),
  /** Absolute and real. */
  path: z.string(),
  /** `device:inode`. */
  fileId: z.string(),
  schemaFingerprint: z.string(),
  runs: z.array(runMark),
  pinnedAt: epochMs,
});

/** See {@link databasePin}. */
export type DatabasePin = Readonly<z.output<typeof databasePin>>;

/** The pins of a workspace folder, as they are kept. */
export const pinList = z.object({ version: z.literal(1), pins: z.array(databasePin) });

/** The pin of an adopted database as it is now, or `null` of one that was not adopted. `now` is ms since the epoch. */
export function pinOf(mark: DatabaseMark, now: number): DatabasePin | null {
  const { id, role, path, fileId, schemaFingerprint, sample } = mark;
  if (id === null || role === 'unknown') return null;
  return { id, role, path, fileId, schemaFingerprint, runs: [...sample], pinnedAt: now };
}

/** The pin that speaks of a database: that of its path, or else that of its id, which a copy shares. */
export function pinFor(pins: readonly DatabasePin[], mark: DatabaseMark): DatabasePin | null {
  return pins.find(({ path }) => path === mark.path) ?? pins.find(({ id }) => id === mark.id) ?? null;
}

/**
 * The pins with a new one in the place of those of the same path or id: of a file and its copies only one is the real
 * one, so taking up the one means that the other is asked about.
 */
export function withPin(pins: readonly DatabasePin[], pin: DatabasePin): DatabasePin[] {
  return [...pins.filter(({ path, id }) => path !== pin.path && id !== pin.id), pin];
}
