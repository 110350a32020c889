import type { DecodeWarning } from '../core/db/columnReader.ts';
import type { SerializedError } from '../core/errors.ts';
import type { DatabaseRole } from '../core/model/databaseFacts.ts';
import type { PhaseKey } from '../core/model/phase.ts';
import type { CalibrationResult } from '../core/telemetry/calibration/calibrationProposal.ts';
import type { Coverage } from '../core/telemetry/analysis/coverage.ts';
import type { TelemetryOptions } from '../core/telemetry/analysis/telemetryAnalysis.ts';
import type { TelemetryFilter } from '../core/telemetry/page/telemetryFilter.ts';
import type { ModelFigures } from '../core/telemetry/page/modelFigures.ts';
import type { TelemetryView } from '../core/telemetry/page/telemetryView.ts';

/**
 * The whole conversation between the telemetry page and its host.
 *
 * The page speaks first: when loaded (and again after a reload) it sends `analyse` with its own options and filter
 * and a request number. The host answers every `analyse` with one `report`, `no-database` or `failed` that carries this
 * number, with `working` before it if that takes a while. A newer `analyse` cancels the older: the page ignores
 * answers to any but its last. When the database changes, the host analyses again with the options of the last request
 * and sends the answer under the same number. After the first `report` of a state the host sends its `coverage`, and
 * after each `report` that stays the last for a moment the `models` of its filter. `calibrate` is answered with one
 * `calibration`; as that may take seconds, the page asks for it. `writeProposal` and `applyProposal` name the state whose
 * proposal the page shows; the host keeps that proposal itself. `chooseEstimator` is answered with a `calibration` anew,
 * `applyProposal` with `applied`. `reveal` may come at any time after the page has spoken: it is followed once there is a
 * report, and answered with `revealed`; without that, a page that begins anew is asked again. All of them, `openPhase`, `runAction`, `export` and `savePicture` are answered with `action-failed`
 * when they fail, and else not.
 */
export const telemetryProtocolVersion = 4;

/** The sections of the page, in their order. */
export const telemetrySections = [
  'overview',
  'predictions',
  'distribution',
  'trend',
  'groups',
  'models',
  'comparison',
  'suspects',
  'coverage',
  'proposal',
] as const;

/** One of {@link telemetrySections}. */
export type TelemetrySection = (typeof telemetrySections)[number];

/** The commands the page has buttons for; the host maps them to its own command ids. */
export const telemetryActions = [
  'selectDatabase',
  'createSeedDatabase',
  'seedRun',
  'seedMore',
  'drain',
  'checkIdentity',
  'showLog',
] as const;

/** One of {@link telemetryActions}. */
export type TelemetryAction = (typeof telemetryActions)[number];

/** What the page can be exported as. */
export const telemetryExportFormats = ['md', 'html', 'csv', 'ndjson', 'otlp'] as const;

/** One of {@link telemetryExportFormats}. */
export type TelemetryExportFormat = (typeof telemetryExportFormats)[number];

/** The charts that can be saved as pictures, by their sections. */
export const pictured = [
  'predictions',
  'distribution',
  'trend',
] as const satisfies readonly TelemetrySection[];

/** One of {@link pictured}. */
export type PictureOf = (typeof pictured)[number];

/** What a picture can be saved as. */
export const pictureFormats = ['png', 'svg'] as const;

/** One of {@link pictureFormats}. */
export type PictureFormat = (typeof pictureFormats)[number];

/** A chart as a picture. */
export interface TelemetryPicture {
  readonly of: PictureOf;
  readonly format: PictureFormat;
  /** PNG in base64, SVG as text. */
  readonly data: string;
}

/** How many samples a page shows, of how many, and the committed state that they are of. */
export interface ShownSamples {
  readonly samples: number;
  readonly of: number;
  readonly state: string;
}

/** What a page says, without its version. */
export type TelemetryPageBody =
  | {
      readonly kind: 'analyse';
      readonly request: number;
      readonly options: Required<TelemetryOptions>;
      readonly filter: TelemetryFilter;
      /** The filter of a sample to hold the shown one against. */
      readonly compared: TelemetryFilter | null;
    }
  | { readonly kind: 'openPhase'; readonly phase: PhaseKey }
  | { readonly kind: 'runAction'; readonly action: TelemetryAction }
  /** What the evidence of the whole database bears; `anyRole`: though it may be no telemetry seed. */
  | { readonly kind: 'calibrate'; readonly anyRole: boolean }
  /** Asks where to, and writes the proposal of a state. */
  | { readonly kind: 'writeProposal'; readonly state: string }
  /** Shows what would change, asks, and changes the estimator's file. */
  | { readonly kind: 'applyProposal'; readonly state: string }
  /** Asks for the estimator's file. */
  | { readonly kind: 'chooseEstimator' }
  /** The section that the host had it show is shown. */
  | { readonly kind: 'revealed' }
  /** Asks where to, and writes; where a filter is on, asks first whether it counts. */
  | {
      readonly kind: 'export';
      readonly format: TelemetryExportFormat;
      readonly options: Required<TelemetryOptions>;
      readonly filter: TelemetryFilter;
      readonly shown: ShownSamples;
    }
  /** Asks where to, and writes. */
  | ({ readonly kind: 'savePicture' } & TelemetryPicture)
  /** The page's script failed: for the log. */
  | { readonly kind: 'page-failed'; readonly message: string };

/** Page to host. */
export type TelemetryPageMessage = TelemetryPageBody & { readonly version: number };

/** Which database the figures are from. */
export interface TelemetryDatabase {
  readonly fileName: string;
  /** Absolute, for the tooltip. */
  readonly path: string;
  readonly role: DatabaseRole;
  /** `null` where it was not adopted, so that its role is a guess. */
  readonly id: string | null;
}

/** An answer, or why there is none. */
export type Outcome<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: SerializedError };

/** What the evidence bears, and for which coefficients. */
export interface PageCalibration {
  readonly result: CalibrationResult;
  /** The estimator's file; `null` for Autopack's own coefficients. */
  readonly estimator: { readonly fileName: string; readonly path: string } | null;
  /** Whether the workspace is trusted, so that something may be written. */
  readonly trusted: boolean;
  /** Whether it runs in a browser, where nothing is written. */
  readonly isInBrowser?: boolean;
}

/** What a host says, without its version. */
export type TelemetryHostBody =
  /** An analysis is under way; what is shown stays. `database` is `null` while even that is not known. */
  | { readonly kind: 'working'; readonly request: number; readonly database: TelemetryDatabase | null }
  | {
      readonly kind: 'report';
      readonly request: number;
      readonly database: TelemetryDatabase;
      /** Names the committed state that this was read from. */
      readonly state: string;
      readonly view: TelemetryView;
      readonly warnings: readonly DecodeWarning[];
    }
  /** Nothing is selected. */
  | { readonly kind: 'no-database'; readonly request: number }
  | {
      readonly kind: 'failed';
      readonly request: number;
      readonly database: TelemetryDatabase | null;
      readonly error: SerializedError;
    }
  /** The figures of each model, of the samples of the last report. */
  | {
      readonly kind: 'models';
      readonly request: number;
      readonly outcome: Outcome<readonly ModelFigures[]>;
    }
  | { readonly kind: 'coverage'; readonly state: string; readonly outcome: Outcome<Coverage> }
  | { readonly kind: 'calibration'; readonly state: string; readonly outcome: Outcome<PageCalibration> }
  /** The proposal of a state was applied to an estimator's file; the old one is kept. Paths are absolute. */
  | { readonly kind: 'applied'; readonly state: string; readonly estimator: string; readonly kept: string }
  /** A person asked for a section by a command. */
  | { readonly kind: 'reveal'; readonly section: TelemetrySection }
  | { readonly kind: 'action-failed'; readonly error: SerializedError };

/** Host to page. */
export type TelemetryHostMessage = TelemetryHostBody & { readonly version: number };

/** Puts the version on a host's message; the one way in which a host makes one. */
export function telemetryHostMessage(body: TelemetryHostBody): TelemetryHostMessage {
  return { version: telemetryProtocolVersion, ...body };
}
