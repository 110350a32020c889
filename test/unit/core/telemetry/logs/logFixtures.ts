import type { LocatedSample } from '../../../../../src/core/telemetry/logs/logSamples.ts';
import type { NamedLog } from '../../../../../src/core/telemetry/logs/uniqueLogSamples.ts';

/** A line of the second format, but for what the test says. */
export function line(but: Partial<LocatedSample> = {}): LocatedSample {
  return {
    format: 'v2',
    line: 1,
    timestamp: Date.UTC(2025, 11, 29, 19, 4, 18),
    predicted: 1000,
    actual: 800,
    selectedBudget: 8192,
    category: 'implementation',
    complexity: 'low',
    deliverableCount: 1,
    success: true,
    stopReason: 'end_turn',
    truncated: false,
    model: 'some-model',
    ...but,
  };
}

/** A log of these lines. */
export function log(name: string, ...samples: readonly LocatedSample[]): NamedLog {
  return { name, damaged: 0, samples: samples.map((sample, index) => ({ ...sample, line: index + 1 })) };
}
