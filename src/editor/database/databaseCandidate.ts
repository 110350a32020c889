import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import type { ProtectionLevel } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';

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
      /** `null` where it was not adopted. */
      readonly level: ProtectionLevel | null;
      /** `device:inode`. */
      readonly fileId: string;
      /** What this folder remembers of it; `unknown` where nothing is, or nothing may be read. */
      readonly known: 'unknown' | 'same' | 'older' | 'elsewhere' | 'copy' | 'other';
      /** Of a copy: the file it was made of, absolute, where that is known. */
      readonly original: string | null;
    }
  /** SQLite, or not even that; `reason` says it in a few words. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'missing' };

/**
 * What a list shows of a database of a server that nobody has selected yet, as a `.env` of a clone may name one: a look into it
 * would call that server, and give it the password of the person who only opened the list. `null` where a look may be taken.
 */
export function unaskedLook(path: string, chosenBefore: readonly string[]): DatabaseLook | null {
  if (!isPostgresPath(path) || chosenBefore.includes(path)) return null;
  return { kind: 'other', reason: t`not connected: nothing is sent before you select it` };
}

/** The candidates found so far, each path once; tells when something is new. */
export class CandidateList {
  readonly #byPath = new Map<string, DatabaseCandidate>();
  readonly #look: (path: string) => Promise<DatabaseLook>;
  readonly #onChange: () => void;

  constructor(look: (path: string) => Promise<DatabaseLook>, onChange: () => void) {
    this.#look = look;
    this.#onChange = onChange;
  }

  get all(): readonly DatabaseCandidate[] {
    return [...this.#byPath.values()];
  }

  /** Adds a file, or only who names it where the file is known; resolves when it was looked at. */
  async add(path: string, namedBy: readonly string[] = []): Promise<void> {
    const known = this.#byPath.get(path);
    if (known !== undefined) {
      this.#put({ ...known, namedBy: [...known.namedBy, ...namedBy] });
      return;
    }
    this.#put({ path, namedBy, look: { kind: 'looking' } });
    const look = await this.#look(path);
    // Another source may have named it meanwhile.
    this.#put({ path, namedBy: this.#byPath.get(path)?.namedBy ?? namedBy, look });
  }

  #put(candidate: DatabaseCandidate): void {
    this.#byPath.set(candidate.path, candidate);
    this.#onChange();
  }
}

/**
 * Why an Autopack database should not be chosen without a look, in a few words, by path; one that is adopted, and no
 * copy as far as can be told, has no entry. Where nothing tells which of two files of one identity is the original, both are named.
 */
export function identityCautions(candidates: readonly DatabaseCandidate[]): ReadonlyMap<string, string> {
  const cautions = new Map<string, string>();
  for (const candidate of candidates) {
    const caution = cautionOf(candidate, candidates);
    if (caution !== null) cautions.set(candidate.path, caution);
  }
  return cautions;
}

function cautionOf({ path, look }: DatabaseCandidate, all: readonly DatabaseCandidate[]): string | null {
  if (look.kind !== 'autopack') return null;
  if (look.id === null) return t`not adopted`;
  switch (look.known) {
    case 'copy':
      return look.original === null
        ? t`a copy or a restored file`
        : t`a copy of ${databaseName(look.original)}`;
    case 'older':
      return t`an older state than seen here`;
    case 'elsewhere':
      return t`changed elsewhere`;
    case 'other':
      return t`not the database known here`;
    case 'same':
      return null;
    case 'unknown': {
      const twin = all.find((other) => other.path !== path && isTwin(look, other));
      if (twin === undefined) return null;
      const isOriginal = twin.look.kind === 'autopack' && twin.look.known === 'same';
      return isOriginal
        ? t`a copy of ${databaseName(twin.path)}`
        : t`same identity as ${databaseName(twin.path)}`;
    }
  }
}

type AutopackLook = Extract<DatabaseLook, { kind: 'autopack' }>;

/** Another file with the same identity; a link to the same file is none. */
function isTwin(look: AutopackLook, { look: other }: DatabaseCandidate): boolean {
  return other.kind === 'autopack' && other.id === look.id && other.fileId !== look.fileId;
}
