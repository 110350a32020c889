import type { TelemetryGate } from '../telemetry/analysis/telemetryAnalysis.ts';
import { formatCount } from './quantities.ts';

/** What stands where there is no figure. */
const nothing = '–';

/**
 * A percentage with one decimal: `27.4 %`. One that is not zero is never shown as `0.0 %`. Near `limit` it has as many
 * decimals as it takes to see on which side it is: `5.04 %` of at most 5.
 */
export function formatPercent(value: number | null, limit?: number): string {
  if (value === null) return nothing;
  for (let digits = 1; limit !== undefined && value !== limit && digits <= 6; digits += 1) {
    const shown = value.toFixed(digits);
    if (Number(shown) !== limit && (digits > 1 || value >= 0.05 || value === 0)) return `${shown} %`;
  }
  return value > 0 && value < 0.05 ? '< 0.1 %' : `${value.toFixed(1)} %`;
}

/** A ratio with two decimals: `1.35 x`. */
export function formatRatio(value: number | null): string {
  return value === null ? nothing : `${value.toFixed(2)} x`;
}

/** What a gate found: `40.0 %`, `12`. */
export function formatGateValue(gate: TelemetryGate): string {
  if (gate.unit === 'percent') return formatPercent(gate.value, gate.limit);
  return gate.value === null ? nothing : formatCount(gate.value);
}

/** What a gate asks for, in words: `at most 5 %`, `at least 20`. */
export function formatGateLimit(gate: TelemetryGate): string {
  const words = gate.comparison === 'at-most' ? 'at most' : 'at least';
  return `${words} ${gate.limit}${gate.unit === 'percent' ? ' %' : ''}`;
}

/** How a gate stands, in words. */
export function gateVerdict(gate: TelemetryGate): 'Passed' | 'Not passed' | 'Not judged' {
  if (gate.passed) return 'Passed';
  return gate.value === null ? 'Not judged' : 'Not passed';
}
