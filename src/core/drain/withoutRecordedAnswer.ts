import { telemetryCollectionV4 } from '../seed/plans/telemetryCollectionV4.ts';

const recorded: ReadonlySet<string> = new Set(telemetryCollectionV4.phases.map(({ phaseId }) => phaseId));

/** Warns of the phases that the example executor will refuse, for nothing is recorded of them; `null` for none. */
export function withoutRecordedAnswer(phaseIds: readonly string[]): string | null {
  const refused = phaseIds.filter((phaseId) => !recorded.has(phaseId)).length;
  if (refused === 0) return null;
  const all = phaseIds.length;
  const which = all === 1 ? 'this one' : refused === all ? `all ${all}` : `${refused} of ${all}`;
  return `The example executor has answers for the ten phases of Seed Telemetry Run alone: it refuses ${which}. Open the root of an Autopack repository to execute others.`;
}
