import type { DocumentSection } from '../document/document.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import type { TelemetryAnalysis } from '../telemetryAnalysis.ts';
import { describeFilter } from '../view/describeFilter.ts';
import type { TelemetryFilter } from '../view/telemetryFilter.ts';

/** The figures of the samples that a filter leaves. */
export interface FilteredFigures {
  readonly filter: TelemetryFilter;
  readonly selected: TelemetryAnalysis;
}

/** The section of a report that says which samples it is about; `samples` is how many there are in all. */
export function filterSection({ filter, selected }: FilteredFigures, samples: number): DocumentSection {
  const left = `${formatCount(selected.samples)} of ${counted(samples, 'sample')}`;
  return {
    heading: 'Filter',
    blocks: [
      {
        kind: 'text',
        text: `In this report: ${left}. The gates and what to do next are of all of them, for a filter opens no gate.`,
      },
      { kind: 'list', items: describeFilter(filter).map(({ name, words }) => `${name}: ${words}`) },
    ],
  };
}
