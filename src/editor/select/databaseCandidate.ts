import type { DatabaseRole } from '../../core/model/databaseFacts.ts';

/** A database that can be selected, and what is known of it so far. */
export interface DatabaseCandidate {
  /** Absolute. */
  readonly path: string;
  /** Where it is named, in words: `DATABASE_URL in .env of backend`. Empty for a file that was only found. */
  readonly namedBy: readonly string[];
  readonly look: DatabaseLook;
}

/** What a look into a candidate gave. */
export type DatabaseLook =
  | { readonly kind: 'looking' }
  | {
      readonly kind: 'autopack';
      readonly role: DatabaseRole;
      readonly runs: number;
      readonly phases: number;
      /** Milliseconds since the epoch. */
      readonly modifiedAt: number;
      /** Of its identity; `null` where it was not adopted. */
      readonly id: string | null;
      /** `device:inode`. */
      readonly fileId: string;
      /** What this folder remembers of it; `unknown` where nothing is, or nothing may be read. */
      readonly known: 'unknown' | 'same' | 'copy' | 'other';
      /** Of a copy: the file it was made of, absolute, where that is known. */
      readonly original: string | null;
    }
  /** SQLite, or not even that; `reason` says it in a few words. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'missing' };
