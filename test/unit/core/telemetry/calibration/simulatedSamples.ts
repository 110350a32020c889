import { deliverableMix } from '../../../../../src/core/telemetry/estimator/deliverableKind.ts';
import { predictTokens, autopackEstimator } from '../../../../../src/core/telemetry/estimator/estimator.ts';
import { allNew } from '../../../../../src/core/telemetry/estimator/splitDeliverables.ts';
import { PhaseIndex } from '../../../../../src/core/telemetry/samples/phaseIndex.ts';
import { seededRandom } from '../../../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import {
  TelemetrySamplesBuilder,
  type TelemetrySample,
  type TelemetrySamples,
} from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';

/** A kind of phase and the truth about it: what its median use is, as a factor on the unsafe estimate. */
export interface SimulatedKind {
  readonly category: string;
  readonly complexity: string;
  readonly factor: number;
  readonly path: (file: number) => string;
}

/** What is simulated. */
export interface Simulation {
  readonly kinds: readonly SimulatedKind[];
  readonly phases: number;
  readonly samplesPerPhase?: number;
  /** Standard deviation of log(actual) within a kind. */
  readonly spread?: number;
  readonly seed?: number;
  readonly files?: (random: () => number) => number;
  /** Changes single samples, by number. */
  readonly but?: (number: number, sample: TelemetrySample) => Partial<TelemetrySample>;
}

const telemetryRun = 'telemetry-collection-sim';
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 5);

/** The kinds of the seeded run, off by different factors. */
export const seededKinds: readonly SimulatedKind[] = [
  { category: 'implementation', complexity: 'low', factor: 0.6, path: (file) => `src/a${file}.py` },
  { category: 'implementation', complexity: 'medium', factor: 0.7, path: (file) => `src/b${file}.py` },
  { category: 'tests', complexity: 'low', factor: 1.2, path: (file) => `tests/test_a${file}.py` },
  { category: 'tests', complexity: 'medium', factor: 1.35, path: (file) => `tests/test_b${file}.py` },
  { category: 'docs', complexity: 'low', factor: 0.55, path: (file) => `docs/a${file}.md` },
];

/** Standard normal numbers (Box and Muller). */
export function normalNumbers(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Telemetry of an estimator whose truth is known, of known phases; all samples are clean, but for what `but` says. */
export function simulatedSamples(simulation: Simulation): TelemetrySamples {
  const index = new PhaseIndex();
  for (let phase = 0; phase < simulation.phases; phase += 1)
    index.addKnown({ runId: telemetryRun, phaseId: `phase-${phase}` });
  const builder = new TelemetrySamplesBuilder(index);
  for (const sample of simulateSamples(simulation)) builder.add(sample);
  return builder.build();
}

/** The samples themselves, phase by phase, an hour apart. */
export function simulateSamples(simulation: Simulation): readonly TelemetrySample[] {
  const { kinds, phases, samplesPerPhase = 1, spread = 0.25, seed = 1, but } = simulation;
  const { files = (random: () => number) => 1 + Math.floor(random() * 3) } = simulation;
  const random = seededRandom(seed);
  const normal = normalNumbers(random);
  const samples: TelemetrySample[] = [];
  for (let phase = 0; phase < phases; phase += 1) {
    const kind = kinds[phase % kinds.length];
    if (kind === undefined) continue;
    const paths = Array.from({ length: files(random) }, (_, file) => kind.path(file));
    const predicted = predictTokens(autopackEstimator, kind, allNew(deliverableMix(paths)));
    const ofPhase = spread * normal();
    for (let repeat = 0; repeat < samplesPerPhase; repeat += 1) {
      const number = phase * samplesPerPhase + repeat;
      const noise = repeat === 0 ? 0 : 0.02 * normal();
      const sample: TelemetrySample = {
        runId: telemetryRun,
        phaseId: `phase-${phase}`,
        category: kind.category,
        complexity: kind.complexity,
        deliverableCount: paths.length,
        predicted,
        actual: Math.round(
          (predicted / autopackEstimator.safetyFactor) * kind.factor * Math.exp(ofPhase + noise),
        ),
        success: true,
        truncated: false,
        hasStopReason: true,
        model: 'model-a',
        timestamp: start + number * hour,
        limit: 1_000_000,
        deliverables: JSON.stringify(paths),
      };
      samples.push({ ...sample, ...but?.(number, sample) });
    }
  }
  return samples;
}
