import type { ClaimKey, RecordedCall } from '../model/executionHost.ts';

/**
 * What is written down of an attempt while it is under way, so that whoever finds it after a kill knows what was done and
 * paid for.
 */
export type JournalEntry =
  | { readonly kind: 'claimed'; readonly claim: ClaimKey }
  /** A request is about to be sent. */
  | { readonly kind: 'call-started'; readonly at: number }
  /** It was answered, or ended without an answer: `null` where no tokens were used. */
  | { readonly kind: 'call-ended'; readonly call: RecordedCall | null }
  /** The database holds how it ended. */
  | { readonly kind: 'settled' };

/** The journal of one attempt. */
export interface AttemptJournalPort {
  /** Resolves when the entry is on disk. */
  write(entry: JournalEntry): Promise<void>;
  /** All entries that were written whole, in their order; none where there is no journal. */
  read(): Promise<readonly JournalEntry[]>;
}

/** What a journal says of an attempt that did not come to its end. */
export interface UnfinishedAttempt {
  readonly claim: ClaimKey;
  readonly calls: readonly RecordedCall[];
  /** A call was under way: what it used is not known. */
  readonly hasOpenCall: boolean;
}

/** `null` where nothing was begun, or all of it is in the database. */
export function unfinishedAttempt(entries: readonly JournalEntry[]): UnfinishedAttempt | null {
  const claimed = entries.findLast((entry) => entry.kind === 'claimed');
  if (claimed === undefined) return null;
  const since = entries.slice(entries.lastIndexOf(claimed));
  if (since.some(({ kind }) => kind === 'settled')) return null;
  const calls = since.flatMap((entry) =>
    entry.kind === 'call-ended' && entry.call !== null ? [entry.call] : [],
  );
  const last = since.findLast(({ kind }) => kind === 'call-started' || kind === 'call-ended');
  return { claim: claimed.claim, calls, hasOpenCall: last?.kind === 'call-started' };
}
