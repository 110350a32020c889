/** Where a phase stands in its run. */
export interface RunPosition {
  /** Of its tier; {@link unknownTierIndex} where the tier is not known. */
  readonly tierIndex: number;
  readonly phaseIndex: number;
  readonly rowId: number;
}

/** Autopack puts phases of a tier it does not know behind all others. */
export const unknownTierIndex = 999;

/** The order in which Autopack goes through the phases of a run: by tier, by index, then as they are stored. */
export function byRunOrder(a: RunPosition, b: RunPosition): number {
  return a.tierIndex - b.tierIndex || a.phaseIndex - b.phaseIndex || a.rowId - b.rowId;
}

/** The QUEUED phase that comes first in its run; `undefined` where none is QUEUED. */
export function firstQueued<T extends RunPosition & { readonly state: string }>(
  phases: Iterable<T>,
): T | undefined {
  let first: T | undefined;
  for (const phase of phases) {
    if (phase.state === 'QUEUED' && (first === undefined || byRunOrder(phase, first) < 0)) first = phase;
  }
  return first;
}
