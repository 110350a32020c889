import { formatPercent, formatRatio } from '../../core/text/formatFigures.ts';
import { formatCount } from '../../core/text/quantities.ts';
import type { TelemetryAnalysis } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { html } from '../dom.ts';

/** The figures that no gate is made of: cost, success and diagnostics. */
export function figureList({ tier1, tier2, diagnostic }: TelemetryAnalysis): Node {
  const over = `over the ${formatCount(diagnostic.nonTruncated)} samples that were not truncated`;
  return html(
    'section',
    { class: 'card figures' },
    html('h2', {}, 'Figures'),
    html(
      'dl',
      {},
      ...figure(
        'Waste, median',
        formatRatio(tier2.wasteMedian),
        'Predicted / actual: above 1 is wasted, below 1 is too little',
      ),
      ...figure(
        'Waste, 90th percentile',
        formatRatio(tier2.wasteP90),
        'One in ten predictions is at least this much too high',
      ),
      ...figure('Waste, mean', formatRatio(tier2.wasteMean), 'Predicted / actual'),
      ...figure('Success', formatPercent(tier1.successRatePct), 'Over all samples, whatever is shown'),
      ...figure('SMAPE, median', formatPercent(diagnostic.smapeMedian), `Symmetric error ${over}`),
      ...figure('SMAPE, mean', formatPercent(diagnostic.smapeMean), `Symmetric error ${over}`),
    ),
  );
}

function figure(name: string, value: string, hint: string): Node[] {
  return [html('dt', { title: hint }, name), html('dd', {}, value)];
}
