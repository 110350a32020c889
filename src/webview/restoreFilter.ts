import { sampleQualities, suspicions } from '../core/telemetry/samples/sampleQuality.ts';
import { noFilter, type TelemetryFilter, type TokenRange } from '../core/telemetry/page/telemetryFilter.ts';

/** The largest time there is (ECMA-262). */
const latest = 8.64e15;

/** Reads a kept filter; what is not in today's form restricts nothing. */
export function restoreFilter(kept: unknown): TelemetryFilter {
  const { run, models, categories, complexities, qualities, reasons, from, until, predicted, actual } =
    fields(kept);
  const chosen = new Set([...texts(qualities), ...texts(reasons)]);
  return {
    run: typeof run === 'string' ? run : noFilter.run,
    models: texts(models),
    categories: texts(categories),
    complexities: texts(complexities),
    qualities: sampleQualities.filter((quality) => chosen.has(quality)),
    reasons: suspicions.filter((reason) => chosen.has(reason)),
    from: time(from),
    until: time(until),
    predicted: range(predicted),
    actual: range(actual),
  };
}

/** The fields of anything; none of what is no object. */
export function fields(kept: unknown): Readonly<Record<string, unknown>> {
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

/** The texts in a list, or none. */
export function texts(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((item) => typeof item === 'string') : [];
}

function number(kept: unknown): number | null {
  return typeof kept === 'number' && Number.isFinite(kept) ? kept : null;
}

/** Milliseconds since the epoch that a date can have. */
function time(kept: unknown): number | null {
  const at = number(kept);
  return at !== null && Math.abs(at) <= latest ? at : null;
}

function range(kept: unknown): TokenRange | null {
  const { from, to } = fields(kept);
  const [low, high] = [number(from), number(to)];
  return low === null || high === null ? null : { from: low, to: high };
}
