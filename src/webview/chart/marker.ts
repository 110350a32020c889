import type { SampleQuality } from '../../core/telemetry/samples/sampleQuality.ts';

/** The mark of a class of samples: a path around the origin, about 8 units wide. */
export interface Marker {
  /** SVG path data, for the canvas and for the key alike. */
  readonly path: string;
  readonly filled: boolean;
}

const circle = 'M3.6 0A3.6 3.6 0 1 1-3.6 0A3.6 3.6 0 1 1 3.6 0Z';

/**
 * One shape a class, so that colour is free for the category and nothing is told by colour alone.
 * Truncated samples point up: their real size lies above.
 */
export const markers: Readonly<Record<SampleQuality, Marker>> = {
  clean: { path: circle, filled: true },
  synthetic: { path: circle, filled: false },
  truncated: { path: 'M0-4.6L4.2 3H-4.2Z', filled: true },
  failed: { path: 'M-3.4-3.4L3.4 3.4M-3.4 3.4L3.4-3.4', filled: false },
  suspect: { path: 'M0-4.6L4.6 0L0 4.6L-4.6 0Z', filled: false },
  orphaned: { path: 'M-3.4-3.4H3.4V3.4H-3.4Z', filled: false },
};
