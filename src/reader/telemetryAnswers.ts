import type { QueryContext } from '../core/db/scan/queryContext.ts';
import { backupContent } from '../core/maintenance/backupContent.ts';
import { coverage } from '../core/seed/seedInventory.ts';
import { calibration } from '../core/telemetry/calibration/calibrate.ts';
import type { TelemetryThreads } from '../core/telemetry/evidence/describeRatios.ts';
import { modelFigures } from '../core/telemetry/page/modelFigures.ts';
import { phaseEvents, selectedEvents, telemetryEvents } from '../core/telemetry/page/telemetryEvents.ts';
import { telemetrySource } from '../core/telemetry/page/telemetrySource.ts';
import { viewTelemetry } from '../core/telemetry/page/telemetryView.ts';
import { renderTelemetryHtml } from '../core/telemetry/report/htmlReport.ts';
import { telemetryFindings } from '../core/telemetry/report/telemetryFindings.ts';
import { readTelemetrySamples } from '../core/telemetry/samples/readTelemetrySamples.ts';
import type { ReaderRequestName, ReaderRequests } from '../protocol/readerProtocol.ts';

/** The function that answers a question. */
export type Answer<Name extends ReaderRequestName> = (
  context: QueryContext,
  params: ReaderRequests[Name]['params'],
) => ReaderRequests[Name]['result'];

/** Questions whose answers need what reads and judges telemetry. */
export type TelemetryRequestName = Extract<
  ReaderRequestName,
  | 'telemetry'
  | 'telemetryView'
  | 'telemetryHtml'
  | 'telemetryEvents'
  | 'phaseEvents'
  | 'telemetrySamples'
  | 'selectedEvents'
  | 'modelFigures'
  | 'coverage'
  | 'calibration'
  | 'backupContent'
>;

/** Their answers, apart from the others, so that a list of runs does not wait for their code. */
export const telemetryAnswers: { readonly [Name in TelemetryRequestName]: Answer<Name> } = {
  telemetry: (context, { options, ...question }) =>
    telemetryFindings(
      readTelemetrySamples(context),
      options,
      question,
      (context.threads as TelemetryThreads | undefined)?.describeRatios,
    ),
  telemetryView: (context, question) => viewTelemetry(telemetrySource(context), question),
  telemetryHtml: (context, { options, ...question }) =>
    renderTelemetryHtml(readTelemetrySamples(context), options, question),
  telemetryEvents,
  phaseEvents,
  telemetrySamples: (context, { withDetails }) => readTelemetrySamples(context, withDetails),
  selectedEvents,
  modelFigures: (context, question) => modelFigures(telemetrySource(context).samples, question),
  coverage,
  calibration,
  backupContent,
};
