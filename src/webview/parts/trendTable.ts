import { formatRatio } from '../../core/text/formatFigures.ts';
import type { RatioTrend } from '../../core/telemetry/page/ratioTrend.ts';
import { timeText } from '../chart/timeText.ts';
import { dataTable } from './dataTable.ts';

/** The running median by time. */
export function trendTable({ medians, window }: RatioTrend): Node {
  return dataTable(
    'Running median of actual / predicted',
    [{ label: 'Time (UTC)' }, { label: `Median of ${window}`, numeric: true }],
    medians.map(({ at, ratio }) => [timeText(at), formatRatio(ratio)]),
  );
}
