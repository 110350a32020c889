import { qualityWords, nextSteps } from '../../core/telemetry/analysis/nextSteps.ts';
import {
  formatGateLimit,
  formatGateValue,
  gateVerdict,
  type TelemetryGate,
  type TelemetryAnalysis,
} from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import type { GateIntervals } from '../../core/telemetry/page/telemetrySource.ts';
import { conditionsOf } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { sampleQualities, type QualityCounts } from '../../core/telemetry/samples/sampleQuality.ts';
import type { Interval } from '../../core/telemetry/statistics/interval.ts';
import { qualityName } from '../../core/telemetry/page/sampleWords.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { counted, formatCount, formatPercent, formatRatio } from '../../core/text/quantities.ts';
import { markerIcon } from '../chart/markers.ts';
import { html, svg, icon, type Child, type IconName } from '../elements/dom.ts';
import { actionButton, type PageActions } from '../elements/pageActions.ts';

/** A note, shown while a filter is on, that these figures are over all samples. */
export function scopeNote({ filter, analysis }: TelemetryView): Child {
  if (conditionsOf(filter) === 0) return null;
  return html(
    'p',
    { class: 'scope' },
    t`Of all ${counted(analysis.samples, 'sample')}: the filter does not apply here.`,
  );
}

/** One card a gate: verdict in words, figure, limit, and what it is made of. */
export function gateCards(gates: readonly TelemetryGate[], intervals: GateIntervals): Node {
  return html(
    'ul',
    { class: 'gates', 'aria-label': t`Gates` },
    ...gates.map((gate) => gateCard(gate, intervals[gate.id])),
  );
}

function gateCard(gate: TelemetryGate, interval: Interval | undefined): Node {
  const mark = markOf(gate);
  return html(
    'li',
    { class: `gate ${mark}` },
    html(
      'div',
      { class: 'gate-head' },
      html('h2', {}, gate.label),
      html('span', { class: 'verdict' }, icon(mark), gateVerdict(gate)),
    ),
    html(
      'p',
      { class: 'gate-figure' },
      html('span', { class: 'value' }, formatGateValue(gate)),
      html('span', { class: 'limit' }, formatGateLimit(gate)),
    ),
    gauge(gate),
    html('p', { class: 'detail' }, gate.detail, interval !== undefined && ` ${intervalWords(interval)}`),
  );
}

function markOf({ passed, value }: TelemetryGate): IconName {
  if (passed) return 'passed';
  return value === null ? 'unknown' : 'missed';
}

function intervalWords({ low, high }: Interval): string {
  return t`95 % interval: ${formatPercent(low)} to ${formatPercent(high)}.`;
}

/** The value against its limit on one bar; the words above say the same. */
function gauge({ value, limit }: TelemetryGate): Node {
  const whole = Math.max(2 * limit, value ?? 0);
  const percent = (part: number): string => `${(100 * part) / whole}%`;
  return svg(
    'svg',
    { class: 'gauge', 'aria-hidden': true },
    svg('rect', { class: 'track', width: '100%', height: '100%' }),
    svg('rect', { class: 'level', width: percent(value ?? 0), height: '100%' }),
    svg('line', { class: 'mark', x1: percent(limit), x2: percent(limit), y1: 0, y2: '100%' }),
  );
}

/** The figures that no gate is made of: cost, success and diagnostics. */
export function figureList({ tier1, tier2, diagnostic }: TelemetryAnalysis): Node {
  const symmetric = t`Symmetric error over the ${formatCount(diagnostic.nonTruncated)} samples that were not truncated`;
  return html(
    'section',
    { class: 'card figures' },
    html('h2', {}, t`Figures`),
    html(
      'dl',
      {},
      ...figure(
        t`Waste, median`,
        formatRatio(tier2.wasteMedian),
        t`Predicted / actual: above 1 is wasted, below 1 is too little`,
      ),
      ...figure(
        t`Waste, 90th percentile`,
        formatRatio(tier2.wasteP90),
        t`One in ten predictions is at least this much too high`,
      ),
      ...figure(t`Waste, mean`, formatRatio(tier2.wasteMean), t`Predicted / actual`),
      ...figure(
        t`Success`,
        formatPercent(tier1.successRatePct),
        t`Over all samples that the filter leaves, those of failed phases too`,
      ),
      ...figure(t`SMAPE, median`, formatPercent(diagnostic.smapeMedian), symmetric),
      ...figure(t`SMAPE, mean`, formatPercent(diagnostic.smapeMean), symmetric),
    ),
  );
}

function figure(name: string, value: string, hint: string): Node[] {
  return [html('dt', { title: hint }, name), html('dd', {}, value)];
}

/** What the samples are worth: each class with its mark in the chart, its count and its meaning. */
export function qualityList(quality: QualityCounts): Node {
  const items = [...sampleQualities]
    .reverse()
    .map((name) =>
      html(
        'li',
        { class: quality[name] === 0 ? 'none' : null },
        html(
          'div',
          {},
          markerIcon(name),
          qualityName(name),
          html('span', { class: 'count' }, formatCount(quality[name])),
        ),
        html('p', { class: 'meaning' }, qualityWords()[name]),
      ),
    );
  return html(
    'section',
    { class: 'card quality' },
    html('h2', {}, t`Sample quality`),
    html('ul', {}, ...items),
  );
}

/** What to do next, with a button where a command does it. */
export function nextStepsList(analysis: TelemetryAnalysis, actions: PageActions): Node {
  const steps = nextSteps(analysis).map(({ text, action }) =>
    html('li', {}, html('span', {}, text), action !== null && actionButton(action, actions)),
  );
  return html(
    'section',
    { class: 'card next' },
    html('h2', {}, contextual('steps')`Next`),
    html('ul', {}, ...steps),
  );
}
