import {
  defaultTelemetryOptions,
  type TelemetryOptions,
} from '../core/telemetry/analysis/telemetryAnalysis.ts';
import { noFilter, type TelemetryFilter } from '../core/telemetry/page/telemetryFilter.ts';
import { fields, restoreFilter, texts } from './restoreFilter.ts';
import type { TableSort } from './tableSort.ts';

/** What a person chose on the page. The editor keeps it while the page is hidden or reloaded. */
export interface PageState {
  readonly options: Required<TelemetryOptions>;
  readonly filter: TelemetryFilter;
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
  groupSort: null,
  modelSort: null,
  openTables: [],
  scrollTop: 0,
};

/** Reads a kept state; whatever an older build kept in another form starts anew. */
export function restoreState(kept: unknown): PageState {
  const { options, filter, groupSort, modelSort, openTables, scrollTop } = fields(kept);
  return {
    options: restoreOptions(options),
    filter: restoreFilter(filter),
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
