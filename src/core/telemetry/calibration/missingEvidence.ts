import { counted } from '../../text/quantities.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { lackingVariety } from './calibrationGates.ts';
import { kindName } from './calibrationGroups.ts';
import type { MissingEvidence, SafeBudget } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** What to seed so that more can be proposed. */
export function missingEvidence(
  evidence: CalibrationEvidence,
  movable: ReadonlySet<number>,
  { missing }: SafeBudget,
  minPhases: number,
): MissingEvidence {
  const { groups, fitted, phases } = evidence;
  const kinds = groups.flatMap((kind, group) => {
    if (movable.has(group)) return [];
    return [{ ...kind, phases: calibrationRules.groupPhases - (fitted[group] ?? 0) }];
  });
  const other = lackingVariety(evidence).flatMap(({ what, names }) => (names.length > 0 ? [what] : []));
  return { phases: Math.max(0, missing, minPhases - phases.clean), kinds, other };
}

/** The same as sentences; none where nothing is missing. */
export function missingEvidenceWords({ phases, kinds, other }: MissingEvidence): readonly string[] {
  const words: string[] = [];
  if (kinds.length > 0) {
    const lacking = kinds.map((kind) => `${kindName(kind)} ${kind.phases}`).join(', ');
    words.push(`Seed more phases of the kinds that could not be judged: ${lacking}.`);
  }
  if (other.length > 0) words.push(`Seed phases of another ${listed(other)}.`);
  if (phases > 0) words.push(`${counted(phases, 'more phase')} without a cut-off call needed in all.`);
  if (words.length > 0) {
    words.push('"seed --targeted" adds what coverage lacks; drain the phases, then calibrate again.');
  }
  return words;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
