import type { SampleQuality } from '../../core/telemetry/samples/sampleQuality.ts';
import { svg } from '../dom.ts';
import { markers } from './marker.ts';

/** The mark of a class as it is in the chart, for beside its name. */
export function markerIcon(quality: SampleQuality): SVGSVGElement {
  const { path, filled } = markers[quality];
  return svg(
    'svg',
    { class: filled ? 'marker filled' : 'marker', viewBox: '-6 -6 12 12', 'aria-hidden': true },
    svg('path', { d: path }),
  );
}
