import { counted } from '../../core/text/quantities.ts';
import {
  filterLine,
  conditionsOf,
  noFilter,
  type TelemetryFilter,
} from '../../core/telemetry/page/telemetryFilter.ts';
import type { ExportRequest } from './exportChunks.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Which samples are exported: where a filter is on, a person is asked; `undefined` when they choose nothing. */
export async function chooseExported({ filter, shown }: ExportRequest): Promise<TelemetryFilter | undefined> {
  if (conditionsOf(filter) === 0) return noFilter;
  const picked = await safeWindow.showQuickPick(
    [
      { label: `What is shown (${counted(shown.samples, 'sample')})`, detail: filterLine(filter), filter },
      {
        label: `Everything (${counted(shown.of, 'sample')})`,
        detail: 'Without the filters',
        filter: noFilter,
      },
    ],
    { title: 'Export Telemetry', placeHolder: 'Filters are on: what is exported?' },
  );
  return picked?.filter;
}
