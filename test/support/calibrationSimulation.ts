import { probit } from 'simple-statistics';
import { calibrate } from '../../src/core/telemetry/calibration/calibrate.ts';
import { wholeStep } from '../../src/core/telemetry/calibration/calibrationReport.ts';
import type { CalibrationResult } from '../../src/core/telemetry/calibration/calibrationProposal.ts';
import {
  changeCoefficients,
  predictTokens,
  rawEstimate,
  autopackEstimator,
} from '../../src/core/telemetry/estimator/estimator.ts';
import { deliverableMix } from '../../src/core/telemetry/estimator/deliverableKind.ts';
import { allNew } from '../../src/core/telemetry/estimator/splitDeliverables.ts';
import { PhaseIndex } from '../../src/core/telemetry/samples/phaseIndex.ts';
import { seededRandom } from '../../src/core/telemetry/statistics/clusterBootstrap.ts';
import {
  TelemetrySamplesBuilder,
  type TelemetrySample,
  type TelemetrySamples,
} from '../../src/core/telemetry/samples/telemetrySamples.ts';
import { normalNumbers, type SimulatedKind } from '../unit/core/telemetry/calibration/simulatedSamples.ts';

/** Telemetry with a known truth: kinds of phases that are off by known factors, and calls of a phase that go together. */
export interface World {
  /** Phases or calls, whichever is given. */
  readonly phases?: number;
  readonly calls?: number;
  readonly kinds?: readonly SimulatedKind[];
  /** Standard deviation of log(need / median need) of a call. */
  readonly sigma?: number;
  /** How much of its variance the calls of one phase share. */
  readonly shared?: number;
  /** Share of calls that are cut off, the largest of them, at the limit. */
  readonly cutOff?: number;
  /** Every tenth phase needs this many times as much. */
  readonly tail?: number;
  /** From the middle on, everything needs this many times as much. */
  readonly shift?: number;
  /** A second model that needs this many times as much: in every second phase, or in every second kind. */
  readonly models?: { readonly factor: number; readonly confounded: boolean };
  readonly seed: number;
}

/** Six kinds of three categories, off by 0.55 to 1.35 times. */
export const sixKinds: readonly SimulatedKind[] = [
  { category: 'implementation', complexity: 'low', factor: 0.6, path: (file) => `src/a${file}.py` },
  { category: 'implementation', complexity: 'medium', factor: 0.7, path: (file) => `src/b${file}.py` },
  { category: 'implementation', complexity: 'high', factor: 0.9, path: (file) => `src/c${file}.py` },
  { category: 'tests', complexity: 'low', factor: 1.2, path: (file) => `tests/test_a${file}.py` },
  { category: 'tests', complexity: 'medium', factor: 1.35, path: (file) => `tests/test_b${file}.py` },
  { category: 'docs', complexity: 'low', factor: 0.55, path: (file) => `docs/a${file}.md` },
];

const sigmaUsual = 0.4;
const sharedUsual = 0.6;
const run = 'telemetry-collection-sim';
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 5);

/** A phase as the world makes it: what it was for, and what each of its calls needs. */
interface DrawnPhase {
  readonly kind: SimulatedKind;
  readonly kindIndex: number;
  readonly paths: readonly string[];
  readonly needs: readonly number[];
  readonly model: string;
}

/** Draws phases one after the other; `progress` runs from 0 to 1 over the evidence and is 1 for fresh phases. */
function phaseMaker(world: World, random: () => number): (progress: number) => DrawnPhase {
  const { kinds = sixKinds, sigma = sigmaUsual, shared = sharedUsual, tail = 1, shift = 1, models } = world;
  const normal = normalNumbers(random);
  let number = 0;
  return (progress) => {
    number += 1;
    const kindIndex = Math.floor(random() * kinds.length);
    const kind = kinds[kindIndex];
    if (kind === undefined) throw new RangeError('A world needs a kind of phase.');
    const paths = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, file) => kind.path(file));
    const isSecond = models !== undefined && (models.confounded ? kindIndex : number) % 2 === 1;
    const level =
      kind.factor *
      (isSecond ? models.factor : 1) *
      (random() < 0.1 ? tail : 1) *
      (progress >= 0.5 ? shift : 1);
    const median = level * rawEstimate(autopackEstimator, kind, allNew(deliverableMix(paths)));
    const ofPhase = Math.sqrt(shared) * normal();
    const needs = Array.from(
      { length: 1 + Math.floor(random() * 3) },
      () => median * Math.exp(sigma * (ofPhase + Math.sqrt(1 - shared) * normal())),
    );
    return { kind, kindIndex, paths, needs, model: isSecond ? 'model-b' : 'model-a' };
  };
}

/** The calls of such a world, in the order in which they happened. */
export function drawCalls(world: World): readonly TelemetrySample[] {
  const { phases = Infinity, calls = Infinity, cutOff = 0, sigma = sigmaUsual } = world;
  const random = seededRandom(world.seed);
  const make = phaseMaker(world, random);
  const reach = cutOff === 0 ? Infinity : Math.exp(sigma * probit(1 - cutOff));
  const samples: TelemetrySample[] = [];
  for (let phase = 0; phase < phases && samples.length < calls; phase += 1) {
    const { kind, paths, needs, model } = make(phases === Infinity ? samples.length / calls : phase / phases);
    const deliverables = allNew(deliverableMix(paths));
    const limit = reach * kind.factor * rawEstimate(autopackEstimator, kind, deliverables);
    for (const need of needs.slice(0, calls - samples.length)) {
      const truncated = need > limit;
      samples.push({
        runId: run,
        phaseId: `phase-${phase}`,
        category: kind.category,
        complexity: kind.complexity,
        deliverableCount: paths.length,
        predicted: predictTokens(autopackEstimator, kind, deliverables),
        actual: Math.max(1, Math.round(Math.min(need, limit))),
        // Half of the answers that were cut off are accepted all the same.
        success: !truncated || random() < 0.5,
        truncated,
        hasStopReason: true,
        model,
        timestamp: start + samples.length * hour,
        deliverables: JSON.stringify(paths),
      });
    }
  }
  return samples;
}

/** The same as columns; all phases are known. */
export function columnsOf(calls: readonly TelemetrySample[]): TelemetrySamples {
  const index = new PhaseIndex();
  for (const { runId, phaseId } of calls) index.addKnown({ runId, phaseId });
  const builder = new TelemetrySamplesBuilder(index);
  for (const call of calls) builder.add(call);
  return builder.build();
}

/** How coefficients serve phases that come afterwards. */
export interface Outcome {
  /** Share of phases with a call that needs more than predicted, of all and by kind. */
  readonly exceeding: number;
  readonly byKind: readonly number[];
  /** Predicted / actual over calls. */
  readonly wasteMean: number;
  readonly wasteMedian: number;
}

/** Fresh phases of the world under the coefficients that a calibration leads to; a withheld one changes nothing. */
function serveFreshPhases(world: World, result: CalibrationResult | null, phases = 3000): Outcome {
  const changes = result?.verdict === 'proposed' ? result.coefficients : [];
  const estimator = changeCoefficients(autopackEstimator, changes);
  const kinds = world.kinds ?? sixKinds;
  const make = phaseMaker(world, seededRandom(world.seed + 7_654_321));
  const [hits, sizes] = [kinds.map(() => 0), kinds.map(() => 0)];
  const wastes: number[] = [];
  for (let phase = 0; phase < phases; phase += 1) {
    const { kind, kindIndex, paths, needs } = make(1);
    const predicted = predictTokens(estimator, kind, allNew(deliverableMix(paths)));
    sizes[kindIndex] = (sizes[kindIndex] ?? 0) + 1;
    if (Math.max(...needs) > predicted) hits[kindIndex] = (hits[kindIndex] ?? 0) + 1;
    for (const need of needs) wastes.push(predicted / need);
  }
  const ordered = Float64Array.from(wastes).sort();
  return {
    exceeding: hits.reduce((sum, count) => sum + count, 0) / phases,
    byKind: hits.map((count, kind) => count / Math.max(1, sizes[kind] ?? 0)),
    wasteMean: wastes.reduce((sum, one) => sum + one, 0) / wastes.length,
    wasteMedian: ordered[ordered.length >> 1] ?? NaN,
  };
}

/** What calibrations of one kind of world come to, over repetitions. */
export interface Summary {
  readonly repetitions: number;
  /** Share of repetitions in which a proposal was made, and in which it had a bound. */
  readonly proposed: number;
  readonly bounded: number;
  /** Of the proposals: share of fresh phases that exceed the prediction, and the same of the kind with the most. */
  readonly exceeding: number;
  readonly worstKind: number;
  /** Of the proposals with a bound: share of fresh phases that exceed the prediction. */
  readonly exceedingBound: number;
  readonly wasteMean: number;
  readonly wasteMedian: number;
  /** Standard deviation over mean of the proposed safety factor, and of predictions as a whole. */
  readonly factorSpread: number;
  readonly neededSpread: number;
  /** How often each gate held a proposal back. */
  readonly heldBackBy: Readonly<Record<string, number>>;
}

/** Calibrates many worlds that differ in their seed only. */
export function simulate(world: Omit<World, 'seed'>, repetitions: number, fresh = 2000): Summary {
  const outcomes: (Outcome & { readonly isBounded: boolean })[] = [];
  const [factors, needed]: [number[], number[]] = [[], []];
  const heldBackBy: Record<string, number> = {};
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const drawn = { ...world, seed: 1000 * seed };
    const result = calibrate(columnsOf(drawCalls(drawn)));
    const { factor } = result.safeBudget;
    if (factor !== null) factors.push(factor);
    if (result.effect !== null && factor !== null)
      needed.push(result.effect.tokensAfter / result.effect.tokensBefore);
    if (result.verdict === 'proposed')
      outcomes.push({ ...serveFreshPhases(drawn, result, fresh), isBounded: wholeStep(result) });
    for (const { id, verdict } of result.gates)
      if (verdict === 'not-passed') heldBackBy[id] = (heldBackBy[id] ?? 0) + 1 / repetitions;
  }
  const bounded = outcomes.filter(({ isBounded }) => isBounded);
  const kinds = outcomes[0]?.byKind.map((_, kind) => meanOf(outcomes.map(({ byKind }) => byKind[kind] ?? 0)));
  return {
    repetitions,
    proposed: outcomes.length / repetitions,
    bounded: bounded.length / repetitions,
    exceeding: meanOf(outcomes.map(({ exceeding }) => exceeding)),
    exceedingBound: meanOf(bounded.map(({ exceeding }) => exceeding)),
    worstKind: Math.max(...(kinds ?? [NaN])),
    wasteMean: meanOf(outcomes.map(({ wasteMean }) => wasteMean)),
    wasteMedian: meanOf(outcomes.map(({ wasteMedian }) => wasteMedian)),
    factorSpread: spreadOf(factors),
    neededSpread: spreadOf(needed),
    heldBackBy,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation over mean. */
function spreadOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) / mean;
}
