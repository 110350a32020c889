import { PhaseIndex } from '../../../src/core/telemetry/samples/phaseIndex.ts';
import {
  TelemetrySamplesBuilder,
  type TelemetrySamples,
} from '../../../src/core/telemetry/samples/telemetrySamples.ts';

const kinds = [
  { category: 'implementation', base: 3200, spread: 0.5, bias: 0.8 },
  { category: 'tests', base: 2400, spread: 0.4, bias: 1.02 },
  { category: 'documentation', base: 1500, spread: 0.6, bias: 0.7 },
  { category: 'configuration', base: 900, spread: 0.35, bias: 0.65 },
  { category: 'refactoring', base: 5200, spread: 0.45, bias: 0.9 },
] as const;
const complexities = ['low', 'medium', 'high'] as const;

/** Numbers from 0 to 1 that are the same each time (Park and Miller's generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Samples such as a used database has: several kinds, some failed, truncated, recorded, orphaned or without a stop reason. */
export function exampleSamples(count: number): TelemetrySamples {
  const random = sequence(20_251_224);
  const normal = (): number => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
  const phases = new PhaseIndex();
  for (let phase = 0; phase < 200; phase += 1)
    phases.addKnown({ runId: 'telemetry-run', phaseId: `phase-${phase}` });
  const builder = new TelemetrySamplesBuilder(phases);
  for (let at = 0; at < count; at += 1) {
    const kind = kinds[at % kinds.length] ?? kinds[0];
    const level = Math.floor(random() * complexities.length);
    const predicted = Math.round(kind.base * (1 + 0.7 * level) * Math.exp(0.25 * normal()));
    const lot = random();
    const deliverableCount = 1 + Math.floor(random() * 7);
    builder.add({
      runId: lot > 0.97 ? 'unknown' : 'telemetry-run',
      phaseId: `phase-${at % 200}`,
      category: kind.category,
      complexity: complexities[level] ?? 'low',
      deliverableCount,
      deliverables: JSON.stringify(Array.from({ length: deliverableCount }, (_, n) => `src/part${n}.py`)),
      predicted,
      actual: Math.round(predicted * kind.bias * Math.exp(kind.spread * normal())),
      success: lot > 0.06,
      truncated: lot > 0.06 && lot < 0.1,
      hasStopReason: lot < 0.94 || lot > 0.97,
      timestamp: Date.UTC(2025, 11, 24) + at * 3_600_000,
      limit: level === 2 ? 16_384 : 8192,
      model: at % 11 === 0 ? 'recorded-example' : 'claude-sonnet-4-5',
    });
  }
  return builder.build();
}
