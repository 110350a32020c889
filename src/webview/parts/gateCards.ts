import {
  formatGateLimit,
  formatGateValue,
  formatPercent,
  gateVerdict,
} from '../../core/text/formatFigures.ts';
import type { Interval } from '../../core/telemetry/statistics/interval.ts';
import type { TelemetryGate } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import type { GateIntervals } from '../../core/telemetry/page/telemetrySource.ts';
import { html, svg } from '../dom.ts';
import { icon, type IconName } from '../icons.ts';

const icons: Readonly<Record<ReturnType<typeof gateVerdict>, IconName>> = {
  Passed: 'passed',
  'Not passed': 'missed',
  'Not judged': 'unknown',
};

/** One card a gate: verdict in words, figure, limit, and what it is made of. */
export function gateCards(gates: readonly TelemetryGate[], intervals: GateIntervals): Node {
  return html(
    'ul',
    { class: 'gates', 'aria-label': 'Gates' },
    ...gates.map((gate) => gateCard(gate, intervals[gate.id])),
  );
}

function gateCard(gate: TelemetryGate, interval: Interval | undefined): Node {
  const verdict = gateVerdict(gate);
  return html(
    'li',
    { class: `gate ${icons[verdict]}` },
    html(
      'div',
      { class: 'gate-head' },
      html('h2', {}, gate.label),
      html('span', { class: 'verdict' }, icon(icons[verdict]), verdict),
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

function intervalWords({ low, high }: Interval): string {
  return `95 % interval: ${formatPercent(low)} to ${formatPercent(high)}.`;
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
