import type { PhaseKey } from '../model/phase.ts';
import type { SampleQuality } from './sampleQuality.ts';
import type { TelemetryAnalysis } from './telemetryAnalysis.ts';

/** One sample as drawn: output tokens predicted and used, and what it belongs to. Both numbers are positive. */
export interface ScatterPoint extends PhaseKey {
  readonly predicted: number;
  readonly actual: number;
  /** Index into {@link TelemetryView.categories}. */
  readonly category: number;
  readonly complexity: string;
  readonly deliverableCount: number;
  readonly model: string;
  readonly success: boolean;
  readonly truncated: boolean;
  readonly quality: SampleQuality;
  /** Whether run and phase are in the database, so that the phase can be opened. */
  readonly known: boolean;
}

/** What the telemetry page shows: the figures, and enough points to see their shape. */
export interface TelemetryView {
  readonly analysis: TelemetryAnalysis;
  /** Normalised names, sorted. */
  readonly categories: readonly string[];
  /** The analysed samples with positive numbers, or an even selection of them where there are too many to draw. */
  readonly points: readonly ScatterPoint[];
  /** How many samples could have been drawn. */
  readonly drawable: number;
}
