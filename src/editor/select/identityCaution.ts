import { basename } from 'node:path';
import type { DatabaseCandidate, DatabaseLook } from './databaseCandidate.ts';

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
  if (look.id === null) return 'not adopted';
  switch (look.known) {
    case 'copy':
      return look.original === null ? 'a copy or a restored file' : `a copy of ${basename(look.original)}`;
    case 'other':
      return 'not the database known here';
    case 'same':
      return null;
    case 'unknown': {
      const twin = all.find((other) => other.path !== path && isTwin(look, other));
      if (twin === undefined) return null;
      const isOriginal = twin.look.kind === 'autopack' && twin.look.known === 'same';
      return `${isOriginal ? 'a copy of' : 'same identity as'} ${basename(twin.path)}`;
    }
  }
}

type AutopackLook = Extract<DatabaseLook, { kind: 'autopack' }>;

/** Another file with the same identity; a link to the same file is none. */
function isTwin(look: AutopackLook, { look: other }: DatabaseCandidate): boolean {
  return other.kind === 'autopack' && other.id === look.id && other.fileId !== look.fileId;
}
