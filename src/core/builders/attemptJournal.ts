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
  | { readonly kind: 'settled' }
  /** It was cut short, and whoever found it has put back what it left; `isOurs` where nobody had changed the phase since. */
  | { readonly kind: 'recovered'; readonly isOurs: boolean };

/** The journal of one attempt. */
export interface AttemptJournalPort {
  /** Resolves when the entry is on disk. */
  write(entry: JournalEntry): Promise<void>;
  /** All entries that were written whole, in their order; none where there is no journal. */
  read(): Promise<readonly JournalEntry[]>;
}

/** What a journal says of its last attempt. */
export interface JournaledAttempt {
  readonly claim: ClaimKey;
  readonly calls: readonly RecordedCall[];
  /** A call was under way: what it used is not known. */
  readonly hasOpenCall: boolean;
  /** How it ended, as far as that was written down. */
  readonly end: Extract<JournalEntry, { kind: 'settled' | 'recovered' }> | null;
}

/** `null` where nothing was begun. */
export function lastAttempt(entries: readonly JournalEntry[]): JournaledAttempt | null {
  const claimed = entries.findLast((entry) => entry.kind === 'claimed');
  if (claimed === undefined) return null;
  const since = entries.slice(entries.lastIndexOf(claimed));
  const calls = since.flatMap((entry) =>
    entry.kind === 'call-ended' && entry.call !== null ? [entry.call] : [],
  );
  const last = since.findLast(({ kind }) => kind === 'call-started' || kind === 'call-ended');
  const end = since.find((entry) => entry.kind === 'settled' || entry.kind === 'recovered') ?? null;
  return { claim: claimed.claim, calls, hasOpenCall: last?.kind === 'call-started', end };
}
