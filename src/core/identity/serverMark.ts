import * as z from 'zod';
import { isThisMachine } from '../db/postgresUrl.ts';
import type { PostgresServer } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';

/**
 * By what a server is told from copies of its data, which all have its system identifier: where it says it is, and its
 * timeline, which grows when a replica is promoted.
 */
export const serverMark = z.object({
  /** `null` behind a Unix socket. */
  address: z.string().nullable(),
  port: z.number(),
  /** `null` where the server does not tell. */
  timeline: z.number().nullable(),
});

/** See {@link serverMark}. */
export type ServerMark = Readonly<z.output<typeof serverMark>>;

/** The mark of a server as it is now. */
export function serverMarkOf({ address, port, timeline }: PostgresServer): ServerMark {
  return { address, port, timeline };
}

/**
 * What tells a server of the pinned system identifier from the pinned one, in words; `null` where nothing does. Under the same
 * URL a server may get another address, as in a container that is started anew.
 */
export function serverDifference(
  now: ServerMark,
  pinned: ServerMark,
  isSameUrl: boolean,
): { readonly was: string; readonly is: string } | null {
  if (now.timeline !== null && pinned.timeline !== null && now.timeline !== pinned.timeline) {
    return { was: t`timeline ${pinned.timeline}`, is: t`timeline ${now.timeline}` };
  }
  const isThere = now.port === pinned.port && isSameAddress(now.address, pinned.address);
  return isSameUrl || isThere ? null : { was: placeOf(pinned), is: placeOf(now) };
}

/** A Unix socket and the loopback addresses all lead to this very machine. */
function isSameAddress(a: string | null, b: string | null): boolean {
  const isHere = (address: string | null): boolean => address === null || isThisMachine(address);
  return a === b || (isHere(a) && isHere(b));
}

function placeOf({ address, port }: ServerMark): string {
  return address === null ? t`a Unix socket, port ${port}` : `${address}:${port}`;
}
