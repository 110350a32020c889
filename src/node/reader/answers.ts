import { findCanaries } from '../../core/maintenance/canaryRun.ts';
import type { QueryContext } from '../../core/db/scan/queryContext.ts';
import { backupContent } from '../../core/maintenance/backupContent.ts';
import { calibration } from '../../core/telemetry/calibration/calibrate.ts';
import { coverage } from '../../core/seed/seedInventory.ts';
import { databaseMark } from '../../core/identity/databaseFingerprint.ts';
import { drainCandidates } from '../../core/drain/drainCandidates.ts';
import { failures } from '../../core/failures/failureReport.ts';
import { identity } from '../../core/queries/identity.ts';
import { matchingRuns } from '../../core/queries/matchingRuns.ts';
import { phaseKinds } from '../../core/queries/stateCounts.ts';
import { phaseOutcome } from '../../core/drain/phaseOutcome.ts';
import { phaseByKey } from '../../core/queries/phases.ts';
import { listRuns, runDetail } from '../../core/queries/runs.ts';
import { requeueSelection } from '../../core/maintenance/requeue.ts';
import { runToDelete } from '../../core/maintenance/deleteRun.ts';
import { stalePhases } from '../../core/maintenance/markStale.ts';
import { readTelemetrySamples } from '../../core/telemetry/samples/readTelemetrySamples.ts';
import { telemetrySource } from '../../core/telemetry/page/telemetrySource.ts';
import { eventCounts } from '../../core/telemetry/analysis/eventCounts.ts';
import { selectedEvents, telemetryEvents } from '../../core/telemetry/page/telemetryEvents.ts';
import { renderTelemetryHtml } from '../../core/telemetry/report/htmlReport.ts';
import { telemetryFindings } from '../../core/telemetry/report/telemetryFindings.ts';
import { modelFigures } from '../../core/telemetry/page/modelFigures.ts';
import { viewTelemetry } from '../../core/telemetry/page/telemetryView.ts';
import type { ReaderRequestName, ReaderRequests } from '../../protocol/readerProtocol.ts';
import { sha256Hex } from '../identity/sha256Hex.ts';

/** A query function for every question of the protocol that needs one. A new question is a line there and a line here. */
type Answers = {
  readonly [Name in Exclude<ReaderRequestName, 'version'>]: (
    context: QueryContext,
    params: ReaderRequests[Name]['params'],
  ) => ReaderRequests[Name]['result'];
};

/** What the worker knows how to answer. */
export const answers: Answers = {
  identity: (context) => identity(context, sha256Hex),
  databaseMark: (context, question) => databaseMark(context, question, sha256Hex),
  listRuns,
  matchingRuns,
  phaseKinds,
  runDetail,
  phase: phaseByKey,
  telemetry: (context, { options, ...question }) =>
    telemetryFindings(readTelemetrySamples(context), options, question, context.threads?.describeRatios),
  coverage,
  eventCounts,
  telemetryEvents,
  selectedEvents,
  telemetryHtml: (context, { options, ...question }) =>
    renderTelemetryHtml(readTelemetrySamples(context), options, question),
  calibration,
  telemetrySamples: (context, { withDetails }) => readTelemetrySamples(context, withDetails),
  modelFigures: (context, question) => modelFigures(telemetrySource(context).samples, question),
  telemetryView: (context, question) => viewTelemetry(telemetrySource(context), question),
  stalePhases: (context, { before }) => stalePhases(context, before),
  requeueSelection,
  runToDelete,
  failures,
  backupContent,
  leftCanaries: ({ db, schema }) => findCanaries(db, schema),
  drainCandidates,
  phaseOutcome: (context, { key, since }) => phaseOutcome(context, key, since),
};
