import { defaultTelemetryOptions } from '../core/telemetry/telemetryAnalysis.ts';
import type { TelemetryOptions } from '../core/telemetry/telemetryAnalysis.ts';
import type { TableSort } from './tableSort.ts';

/** What a person chose on the page. The editor keeps it while the page is hidden or reloaded. */
export interface PageState {
  readonly options: Required<TelemetryOptions>;
  readonly groupSort: TableSort | null;
  /** Categories left out of the chart, by name. */
  readonly hiddenCategories: readonly string[];
  readonly pointsOpen: boolean;
  /** In CSS pixels. */
  readonly scrollTop: number;
}

/** The page as it first opens. */
export const initialState: PageState = {
  options: defaultTelemetryOptions,
  groupSort: null,
  hiddenCategories: [],
  pointsOpen: false,
  scrollTop: 0,
};

/** Reads a kept state; whatever an older build kept in another form starts anew. */
export function restoreState(kept: unknown): PageState {
  const { options, groupSort, hiddenCategories, pointsOpen, scrollTop } = fields(kept);
  return {
    options: restoreOptions(options),
    groupSort: restoreSort(groupSort),
    hiddenCategories: Array.isArray(hiddenCategories) ? hiddenCategories.filter(isText) : [],
    pointsOpen: pointsOpen === true,
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

function fields(kept: unknown): Readonly<Record<string, unknown>> {
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
