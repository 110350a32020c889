import { InvalidArgumentError } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import type { PhaseKey } from '../core/model/phase.ts';

/** Reads an option's value as a number above zero; commander reports the option and exits with 2. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a number above zero.');
}

/** Reads an option's value as a whole number above zero. */
export function positiveInteger(text: string): number {
  const value = positiveNumber(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('Give a whole number above zero.');
}

/** Reads an option's value as a whole number, zero included. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give a whole number, 0 or more.');
}

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
