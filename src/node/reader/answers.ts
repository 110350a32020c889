import { findCanaries } from '../../core/guard/canaryRun.ts';
import type { QueryContext } from '../../core/queries/queryContext.ts';
import { backupContent } from '../../core/queries/backupContent.ts';
import { calibration } from '../../core/queries/calibration.ts';
import { coverage } from '../../core/queries/coverage.ts';
import { databaseMark } from '../../core/queries/databaseMark.ts';
import { drainCandidates } from '../../core/queries/drainCandidates.ts';
import { failures } from '../../core/queries/failures.ts';
import { identity } from '../../core/queries/identity.ts';
import { matchingRuns } from '../../core/queries/matchingRuns.ts';
import { phaseKinds } from '../../core/queries/phaseKinds.ts';
import { phaseOutcome } from '../../core/queries/phaseOutcome.ts';
import { phaseByKey } from '../../core/queries/phases.ts';
import { listRuns, runDetail } from '../../core/queries/runs.ts';
import { requeueSelection } from '../../core/queries/requeueSelection.ts';
import { runToDelete } from '../../core/queries/runToDelete.ts';
import { stalePhases } from '../../core/queries/stalePhases.ts';
import { readTelemetrySamples } from '../../core/queries/telemetry.ts';
import { telemetrySource } from '../../core/queries/telemetrySource.ts';
import { eventCounts } from '../../core/queries/eventCounts.ts';
import { selectedEvents } from '../../core/queries/selectedEvents.ts';
import { telemetryEvents } from '../../core/queries/telemetryEvents.ts';
import { renderTelemetryHtml } from '../../core/telemetry/export/htmlReport.ts';
import { telemetryFindings } from '../../core/telemetry/telemetryFindings.ts';
import { modelFigures } from '../../core/telemetry/view/modelFigures.ts';
import { viewTelemetry } from '../../core/telemetry/view/telemetryView.ts';
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
