import type { PlannedCollection } from '../drains/drainSubject.ts';
import { furtherPhases } from '../../core/drain/sampleCollection.ts';
import type { StateCounts } from '../../core/model/state.ts';
import type { QuickstartStage } from '../../core/seed/quickstartStage.ts';
import type { Coverage } from '../../core/telemetry/analysis/coverage.ts';
import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatDollars } from '../../core/text/quantities.ts';
import { stateCountsLabel } from '../window/labels.ts';

/** Where a seed database stands on the way to a proposal. */
export interface QuickstartStanding {
  readonly stage: QuickstartStage;
  readonly phaseStates: StateCounts;
  readonly phases: Coverage['phases'];
}

/** `10 queued · 0 of 20 phases with a clean sample`. */
export function standingLabel({ phaseStates, phases }: QuickstartStanding): string {
  return t`${stateCountsLabel(phaseStates)} · ${cleanPhases(phases)} with a clean sample`;
}

const nextSteps = (): Readonly<Record<QuickstartStage, string>> => ({
  seed: t`Next: seed the telemetry run and drain it`,
  'drain-queued': t`Next: drain the queued phases`,
  'drain-failed': t`Next: drain the failed phases again`,
  'seed-more': t`Next: seed for missing coverage and drain it`,
  report: t`Next: look at the report`,
});

/** What Quickstart would do next. */
export function nextStepLabel({ stage }: QuickstartStanding): string {
  return nextSteps()[stage];
}

/** What a person should know before the first of several drains; `first` is how many phases that one drains. */
export function collectionRemarks(
  phases: Coverage['phases'],
  first: number,
  { executor, cost, maxCost }: PlannedCollection,
): string[] {
  if (executor !== 'endpoint') return [];
  const { expected, most } = furtherPhases(phases, first);
  const more =
    expected === 0
      ? t`Where phases fail, Quickstart seeds and drains others, until ${phases.need} have a clean sample: at most ${counted(most, 'more phase')}.`
      : t`Then Quickstart seeds and drains more, until ${phases.need} phases have a clean sample: ${counted(expected, 'more phase')} if all succeed, at most ${most}.`;
  const price = cost?.price;
  const inAll = (each: number, phases: number): string => formatDollars((each / first) * (first + phases));
  const costs =
    price == null || first === 0
      ? []
      : [
          t`About ${inAll(price.expected, expected)} in all if all succeed, at most ${inAll(price.most, most)}.`,
        ];
  const limit =
    maxCost === null
      ? t`There is no cost limit: the setting "Drain: Max Cost" sets one for all of it together.`
      : t`The cost limit of ${formatDollars(maxCost)} is for all of it together.`;
  return [t`${more} The figures above are for the first ${first}.`, ...costs, limit];
}

/** What everything came to. */
export interface QuickstartOutcome {
  readonly phases: Coverage['phases'];
  /** `null` while there are too few clean samples for any. */
  readonly calibration: Pick<CalibrationResult, 'verdict' | 'reasons'> | null;
  /** What drained last; `null` where nothing was drained. */
  readonly executor: string | null;
  /** Why no more was collected, as a sentence. */
  readonly reason: string | null;
}

/** The outcome as one message: that a proposal is there and where, or what is missing for one. */
export function outcomeText({ phases, calibration, executor, reason }: QuickstartOutcome): string {
  const clean = cleanPhases(phases);
  if (calibration?.verdict === 'proposed') {
    return t`Quickstart is done: ${clean} have a clean sample, and a calibration is proposed. Choose Work Out a Proposal at the end of the report to see it.`;
  }
  if (calibration !== null) {
    return [
      t`Quickstart is done: ${clean} have a clean sample, but no calibration is proposed yet.`,
      ...calibration.reasons,
    ].join(' ');
  }
  return [t`${clean} have a clean sample, too few for a calibration.`, missingText(executor) ?? reason ?? '']
    .join(' ')
    .trim();
}

const endpointNext = (): string => t`Run Quickstart again with a model endpoint to collect samples that do.`;

function missingText(executor: string | null): string | null {
  switch (executor) {
    case 'example':
      return t`Recorded answers never count. ${endpointNext()}`;
    case 'vscode':
      return t`Samples of VS Code's models never count. ${endpointNext()}`;
    case 'autopack':
      return t`Seed for missing coverage and drain again to collect more.`;
    case 'endpoint':
    case null:
    default:
      return null;
  }
}

function cleanPhases({ have, need }: Coverage['phases']): string {
  return t`${have} of ${counted(need, 'phase')}`;
}
