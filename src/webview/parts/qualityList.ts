import { formatCount } from '../../core/text/quantities.ts';
import { qualityWords } from '../../core/telemetry/analysis/nextSteps.ts';
import { sampleQualities, type QualityCounts } from '../../core/telemetry/samples/sampleQuality.ts';
import { markerIcon } from '../chart/markerIcon.ts';
import { html } from '../dom.ts';

/** What the samples are worth: each class with its mark in the chart, its count and its meaning. */
export function qualityList(quality: QualityCounts): Node {
  const items = [...sampleQualities]
    .reverse()
    .map((name) =>
      html(
        'li',
        { class: quality[name] === 0 ? 'none' : null },
        html('div', {}, markerIcon(name), name, html('span', { class: 'count' }, formatCount(quality[name]))),
        html('p', { class: 'meaning' }, qualityWords[name]),
      ),
    );
  return html(
    'section',
    { class: 'card quality' },
    html('h2', {}, 'Sample quality'),
    html('ul', {}, ...items),
  );
}
