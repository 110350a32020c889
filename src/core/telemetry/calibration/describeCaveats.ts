import type { TelemetrySamples } from '../telemetrySamples.ts';
import { counted } from '../../text/quantities.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { kindName } from './calibrationGroups.ts';
import type { CalibrationGroup, SafeBudget } from './calibrationProposal.ts';

const notableGrowth = 1.25;

/** What is not certain about the evidence, in sentences. */
export function describeCaveats(
  { samples, clean, patterns, foreign, unsplit, phases }: CalibrationEvidence,
  { missing, factor }: SafeBudget,
  groups: readonly CalibrationGroup[],
): readonly string[] {
  const all = clean.at.length;
  if (all === 0) return [];
  const unknown = all - patterns.reduce((sum, pattern) => sum + pattern.samples, 0);
  const logged = clean.at.reduce((sum, at) => sum + Number(isLogged(samples, at)), 0);
  const caveats: string[] = [...growth(groups)];
  if (logged > 0) {
    caveats.push(
      `From logs alone: ${counted(logged, 'clean sample')}. Logs have no role and name no phases: that the work was representative is for you to know, and repeats of a phase count as independent, so all is less certain than it looks.`,
    );
  }
  if (unknown > 0) {
    caveats.push(
      `Deliverables not known, so left out when the coefficients are fitted: ${counted(unknown, 'clean sample')}.`,
    );
  }
  if (foreign > 0) {
    caveats.push(
      `Predicted by other coefficients than those in use, and estimated anew: ${counted(foreign, 'clean sample')}.`,
    );
  }
  if (unsplit > 0) {
    caveats.push(
      `Samples hold paths, not whether a file was new. For ${counted(unsplit, 'sample')} the prediction does not tell either: their files are taken to be new.`,
    );
  }
  if (phases.clean < all)
    caveats.push(
      `Repeats of one phase count as one: ${counted(all, 'sample')}, ${counted(phases.clean, 'phase')}.`,
    );
  if (factor === null) {
    caveats.push(
      `Without a bound the safety factor stays as it is, and no prediction is lowered: ${counted(missing, 'more phase')} needed.`,
    );
  }
  return caveats;
}

/** Predictions that become much larger cost money: that is said first. */
function growth(groups: readonly CalibrationGroup[]): string[] {
  const grown = groups.flatMap((group) => {
    const { predictionFactor } = group;
    if (predictionFactor === null || predictionFactor < notableGrowth) return [];
    return [`${predictionFactor.toFixed(2)} times as large in ${kindName(group)}`];
  });
  return grown.length === 0 ? [] : [`Predictions become ${grown.join(', ')}.`];
}

function isLogged({ phase, phases }: TelemetrySamples, at: number): boolean {
  return phases[phase[at] ?? 0]?.origin === 'log';
}
