import { t } from '../../text/l10n.ts';
import { counted, formatRatio } from '../../text/quantities.ts';
import type { SampleQuality } from '../samples/sampleQuality.ts';
import type { TelemetryAnalysis, TelemetryGateId } from './telemetryAnalysis.ts';
import { telemetryLimits } from './telemetryGates.ts';

/** What to do next, in one or two sentences, and the command that does it where there is one. */
export interface NextStep {
  readonly text: string;
  readonly action: 'drain' | 'checkIdentity' | null;
}

/** What each class of samples is, in the plural and in few words. */
export const qualityWords = (): Readonly<Record<SampleQuality, string>> => ({
  clean: t`evidence: succeeded, not truncated, measured`,
  synthetic: t`recorded answers of the example executor, not evidence`,
  counted: t`the provider reported no usage: an estimate, never evidence for a calibration`,
  failed: t`phase not successful: the size says little about the work`,
  truncated: t`cut off at the limit: the real size is unknown`,
  suspect: t`figures that cannot be trusted: see the reasons`,
  orphaned: t`run or phase not in this database: repeats cannot be told from independent samples`,
});

/** From this median of predicted / actual on, a calibration may be worth it though nothing is underestimated. */
const notableWaste = 1.5;

/** What to do about the telemetry as it is, most urgent first; never empty. */
export function nextSteps(analysis: TelemetryAnalysis): readonly NextStep[] {
  if (analysis.samples === 0) {
    return [step(t`There is no telemetry yet. Drain queued phases with telemetry on.`, 'drain')];
  }
  const steps = [...evidenceSteps(analysis), ...gateSteps(analysis)];
  if (!analysis.options.successOnly && analysis.quality.failed > 0) {
    steps.push(step(t`Failed phases are in these figures. Use success only before tuning anything.`));
  }
  return steps.length > 0 ? steps : [step(t`All gates are passed: nothing needs tuning.`)];
}

function evidenceSteps({ samples, synthetic, quality, gates }: TelemetryAnalysis): NextStep[] {
  const steps: NextStep[] = [];
  const { value, limit } = cleanPhases(gates);
  const missing = limit - value;
  if (synthetic === samples) {
    const text = t`All samples are recorded answers of the example executor. Drain with the Autopack executor to measure real ones.`;
    steps.push(step(text, 'drain'));
  } else if (missing > 0) {
    steps.push(
      step(t`Drain more phases: ${counted(missing, 'more phase')} with a clean sample needed.`, 'drain'),
    );
  }
  if (quality.orphaned > 0) {
    const text = t`${counted(quality.orphaned, 'sample')} of unknown phases: check that the programs that write here use the same database.`;
    steps.push(step(text, 'checkIdentity'));
  }
  if (quality.suspect > 0) {
    const text = t`${counted(quality.suspect, 'suspect sample')}: find out what wrote them. They count as no evidence until then.`;
    steps.push(step(text));
  }
  return steps;
}

function gateSteps({ gates, tier2 }: TelemetryAnalysis): NextStep[] {
  const missed = (id: TelemetryGateId): boolean =>
    gates.some((gate) => gate.id === id && gate.value !== null && !gate.passed);
  const { value, limit } = cleanPhases(gates);
  const ready = value >= limit;
  const steps: NextStep[] = [];
  if (missed('truncation')) {
    steps.push(
      step(t`Answers are cut off too often: the budgets of the groups with truncation are too small.`),
    );
  }
  if (missed('underestimation')) {
    const text = ready
      ? t`Predictions are too low too often: run "calibrate" for a proposal. It changes nothing without your approval.`
      : t`Predictions are too low too often. Do not tune by this before ${limit} phases have clean samples.`;
    steps.push(step(text));
  } else if (ready && (tier2.wasteMedian ?? 0) > notableWaste) {
    const text = t`Predictions are ${formatRatio(tier2.wasteMedian)} what is used, in the median: "calibrate" may save tokens. It changes nothing without your approval.`;
    steps.push(step(text));
  }
  return steps;
}

/** Phases with a clean sample, and how many there must be. */
function cleanPhases(gates: TelemetryAnalysis['gates']): { readonly value: number; readonly limit: number } {
  const gate = gates.find(({ id }) => id === 'clean-samples');
  return { value: gate?.value ?? 0, limit: gate?.limit ?? telemetryLimits.cleanPhases };
}

function step(text: string, action: NextStep['action'] = null): NextStep {
  return { text, action };
}
