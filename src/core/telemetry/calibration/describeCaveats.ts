import type { TelemetrySamples } from '../telemetrySamples.ts';
import { counted } from '../../text/quantities.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { SafeBudget } from './calibrationProposal.ts';

/** What is not certain about the evidence, in sentences. */
export function describeCaveats(
  { samples, clean, patterns, foreign, unsplit, phases }: CalibrationEvidence,
  { missing }: SafeBudget,
): readonly string[] {
  const all = clean.at.length;
  if (all === 0) return [];
  const unknown = all - patterns.reduce((sum, pattern) => sum + pattern.samples, 0);
  const logged = clean.at.reduce((sum, at) => sum + Number(isLogged(samples, at)), 0);
  const caveats: string[] = [];
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
  if (phases < all)
    caveats.push(
      `Repeats of one phase count as one: ${counted(all, 'sample')}, ${counted(phases, 'phase')}.`,
    );
  if (missing > 0) {
    caveats.push(
      `Without a bound the safety factor stays as it is: ${counted(missing, 'more phase')} needed.`,
    );
  }
  return caveats;
}

function isLogged({ phase, phases }: TelemetrySamples, at: number): boolean {
  return phases[phase[at] ?? 0]?.origin === 'log';
}
