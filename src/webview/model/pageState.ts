import {
  defaultTelemetryOptions,
  type TelemetryOptions,
} from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import {
  noFilter,
  type TelemetryFilter,
  type TokenRange,
} from '../../core/telemetry/page/telemetryFilter.ts';
import { sampleQualities, suspicions } from '../../core/telemetry/samples/sampleQuality.ts';
import type { TableSort } from './tableSort.ts';

/** What a person chose on the page. The editor keeps it while the page is hidden or reloaded. */
export interface PageState {
  readonly options: Required<TelemetryOptions>;
  readonly filter: TelemetryFilter;
  /** The filter of the sample that was kept to compare with. */
  readonly compared: TelemetryFilter | null;
  readonly groupSort: TableSort | null;
  readonly modelSort: TableSort | null;
  /** The tables that are folded out, by name. */
  readonly openTables: readonly string[];
  /** In CSS pixels. */
  readonly scrollTop: number;
}

/** The page as it first opens. */
export const initialState: PageState = {
  options: defaultTelemetryOptions,
  filter: noFilter,
  compared: null,
  groupSort: null,
  modelSort: null,
  openTables: [],
  scrollTop: 0,
};

/** Reads a kept state; whatever an older build kept in another form starts anew. */
export function restoreState(kept: unknown): PageState {
  const { options, filter, compared, groupSort, modelSort, openTables, scrollTop } = fields(kept);
  return {
    options: restoreOptions(options),
    filter: restoreFilter(filter),
    compared: typeof compared === 'object' && compared !== null ? restoreFilter(compared) : null,
    groupSort: restoreSort(groupSort),
    modelSort: restoreSort(modelSort),
    openTables: texts(openTables),
    scrollTop: typeof scrollTop === 'number' && scrollTop > 0 ? scrollTop : 0,
  };
}

/** A tolerance as typed, or `null` if it is none: above 0, at most 100. */
export function parseTolerance(typed: unknown): number | null {
  const value = typeof typed === 'string' && typed.trim() !== '' ? Number(typed) : typed;
  return typeof value === 'number' && value > 0 && value <= 100 ? value : null;
}

function restoreOptions(kept: unknown): Required<TelemetryOptions> {
  const { successOnly, stratify, includeSynthetic, underMultiplier } = fields(kept);
  const or = (value: unknown, otherwise: boolean): boolean =>
    typeof value === 'boolean' ? value : otherwise;
  return {
    successOnly: or(successOnly, defaultTelemetryOptions.successOnly),
    stratify: or(stratify, defaultTelemetryOptions.stratify),
    includeSynthetic: or(includeSynthetic, defaultTelemetryOptions.includeSynthetic),
    underMultiplier: parseTolerance(underMultiplier) ?? defaultTelemetryOptions.underMultiplier,
  };
}

function restoreSort(kept: unknown): TableSort | null {
  const { column, descending } = fields(kept);
  return typeof column === 'string' ? { column, descending: descending === true } : null;
}

/** The largest time there is (ECMA-262). */
const latest = 8.64e15;

/** Reads a kept filter; what is not in today's form restricts nothing. */
function restoreFilter(kept: unknown): TelemetryFilter {
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
function fields(kept: unknown): Readonly<Record<string, unknown>> {
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

/** The texts in a list, or none. */
function texts(kept: unknown): string[] {
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
