import * as z from 'zod';
import { serverAddress } from './apiAddress.ts';
import { epochMs } from '../model/timestamp.ts';
import type { ApiVerdict } from './apiVerdict.ts';
import type { DatabaseMark } from './databaseMark.ts';

/** What a canary run told for certain of a server, and of which database. Times are ms since the epoch. */
export const canaryVerdict = z.object({
  /** The address of the server; earlier versions kept its URL as it was given. */
  url: z.string().transform(serverAddress),
  /** Of the database that was asked about. */
  databaseId: z.string(),
  /** Absolute and real. */
  path: z.string(),
  /** `device:inode`. */
  fileId: z.string(),
  /** What the server's health said of its database then; `null` if it said nothing. */
  databaseIdentity: z.string().nullable(),
  verdict: z.enum(['same', 'different']),
  askedAt: epochMs,
});

/** See {@link canaryVerdict}. */
export type CanaryVerdict = Readonly<z.output<typeof canaryVerdict>>;

/** The verdicts of a workspace folder, as they are kept. */
export const canaryVerdictList = z.object({ version: z.literal(1), verdicts: z.array(canaryVerdict) });

/** The verdicts with a new one in the place of that of the same server and file. */
export function withVerdict(verdicts: readonly CanaryVerdict[], verdict: CanaryVerdict): CanaryVerdict[] {
  return [...verdicts.filter(({ url, path }) => url !== verdict.url || path !== verdict.path), verdict];
}

/**
 * Falls back on what a canary run told where asking alone does not tell: as long as it is the same database in the same
 * file, and the server says of its own what it said then. What asking tells now always wins. `address` is as
 * `serverAddress` gives it; `now` is ms since the epoch.
 */
export function rememberVerdict(
  asked: ApiVerdict,
  address: string,
  mark: Pick<DatabaseMark, 'id' | 'path' | 'fileId'>,
  verdicts: readonly CanaryVerdict[],
  now: number,
): ApiVerdict {
  if (asked.verdict !== 'unknown' || !asked.isReachable) return asked;
  const kept = verdicts.find(
    (each) =>
      each.url === address &&
      each.path === mark.path &&
      each.fileId === mark.fileId &&
      each.databaseId === mark.id &&
      each.databaseIdentity === (asked.databaseIdentity ?? null),
  );
  if (kept === undefined) return asked;
  const { verdict, askedAt } = kept;
  const age = ageText(now - askedAt);
  const words = verdict === 'same' ? 'It found a canary run' : 'It did not know a canary run';
  const evidence = `${words} ${age}, and neither it nor the database tells of a change since.`;
  return { ...asked, verdict, evidence, canary: { askedAt, age } };
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`, from ms. */
export function ageText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}
