import { UserFacingError } from '../core/errors.ts';
import type { PhaseKey } from '../core/model/phase.ts';

/** Gathers the values of an option that can be given again. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** `run/phase`; a phase id may hold a slash, a run id not. Fails with `invalid-argument`. */
export function phaseKey(text: string): PhaseKey {
  const slash = text.indexOf('/');
  if (slash > 0 && slash < text.length - 1) {
    return { runId: text.slice(0, slash), phaseId: text.slice(slash + 1) };
  }
  throw new UserFacingError(
    'invalid-argument',
    `"${text}" does not name a phase.`,
    'Give it as run/phase, for example telemetry-collection-v4/telemetry-p1-string-util.',
  );
}
