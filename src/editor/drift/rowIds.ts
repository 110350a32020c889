import type { SourceDrift } from '../../core/identity/drift.ts';
import type { Finding } from '../../core/identity/findings.ts';

/** By what the row of a finding is known, to the tree and to the links of the status bar. */
export function findingId({ code, message }: Finding): string {
  return JSON.stringify(['finding', code, message]);
}

/** By what the row of a source is known. */
export function sourceId({ source: { origin, given } }: SourceDrift): string {
  // Folders of a window may set one setting differently.
  return JSON.stringify(['source', origin, given]);
}
