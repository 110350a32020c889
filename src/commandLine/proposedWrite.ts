import type { ProtectedOperation } from '../core/identity/protection.ts';
import type { ProtectionLevel } from '../core/model/protectionLevel.ts';

/** A write that needs consent, and its database as it was when it was looked at. */
export interface ProposedWrite {
  readonly operation: ProtectedOperation;
  /** Absolute. */
  readonly path: string;
  readonly database: WriteTarget;
  /** Asked for only where somebody is asked, so that it may take its time; `null` where nothing would be written. */
  readonly details: () => WriteDetails | null | Promise<WriteDetails | null>;
}

/** What a consent is about, of a fingerprint or of what a write expects. */
export interface WriteTarget {
  /** `null` where it was not adopted. */
  readonly id: string | null;
  readonly level: ProtectionLevel;
  /** `device:inode`; `null` where there is no file yet. */
  readonly fileId: string | null;
}

/** What exactly a write would do. */
export interface WriteDetails {
  /** For a person to say yes to, ending with its question mark or what follows that. */
  readonly question: string;
  /** How many rows it changes of what it is about: phases, runs. */
  readonly rows: number;
  /** All that says which rows those are and what becomes of them, as JSON: an approval holds for nothing else. */
  readonly params: unknown;
}
