import type { DrainScope } from '../../../src/core/queries/candidates.ts';
import type { PhaseFilter } from '../../../src/core/model/phaseFilter.ts';
import { anyPhase } from '../../../src/core/model/phaseFilter.ts';
import type { PhaseKey } from '../../../src/core/model/phase.ts';
import { defaultTelemetryOptions } from '../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { noFilter, type TelemetryFilter } from '../../../src/core/telemetry/page/telemetryFilter.ts';
import { requeueableStates, type RequeueScope } from '../../../src/core/maintenance/requeue.ts';
import type {
  DatabaseReader,
  ReaderRequestName,
  ReaderRequests,
} from '../../../src/protocol/readerProtocol.ts';

/** What questions about a database are about. */
interface Subjects {
  readonly runIds: readonly string[];
  readonly keys: readonly PhaseKey[];
  readonly searched: readonly string[];
  readonly models: readonly string[];
  readonly fingerprints: readonly string[];
}

/** A question as it is put to a reader. */
export interface Question<Name extends ReaderRequestName = ReaderRequestName> {
  readonly name: Name;
  readonly params: ReaderRequests[Name]['params'];
}

type Params = {
  readonly [Name in ReaderRequestName]: (subjects: Subjects) => readonly ReaderRequests[Name]['params'][];
};

const longAgo = Date.UTC(2025, 11, 24, 12);
const nobody: PhaseKey = { runId: 'no such run', phaseId: 'no such phase' };
const marks = { estimation: 3, escalation: 0, usage: 1 };

const phaseFilters: readonly PhaseFilter[] = [
  anyPhase,
  { ...anyPhase, states: ['FAILED', 'QUEUED'] },
  { ...anyPhase, text: 'PAR' },
  { ...anyPhase, categories: ['tests', 'docs'], complexities: ['low', 'unknown'] },
  { states: ['COMPLETE'], text: 'e', categories: ['implementation'], complexities: ['medium'] },
];

function telemetryFilters({ runIds, models }: Subjects): readonly TelemetryFilter[] {
  return [
    noFilter,
    { ...noFilter, run: runIds[0]?.slice(0, 4) ?? 'run' },
    { ...noFilter, categories: ['tests'], complexities: ['low', 'medium'], models: models.slice(0, 1) },
    { ...noFilter, qualities: ['clean', 'truncated'], from: longAgo, until: longAgo + 90 * 86_400_000 },
    { ...noFilter, qualities: ['suspect'], predicted: { from: 500, to: 4000 } },
  ];
}

const analyses = [
  { options: defaultTelemetryOptions },
  {
    options: { ...defaultTelemetryOptions, successOnly: false, stratify: true },
    suspects: 20,
    withEvidence: true,
  },
] as const;

const requeues: readonly RequeueScope[] = [
  { states: ['FAILED'], staleBefore: longAgo },
  { states: requeueableStates, staleBefore: Date.UTC(2100, 0, 1) },
];

/** For each question of the protocol the parameters that it is put with: a new question does not compile without. */
const params: Params = {
  version: () => [null],
  databaseFile: () => [null],
  identity: () => [null],
  databaseFingerprint: ({ runIds }) => [
    { runIds: [] },
    { runIds: [...runIds.slice(0, 5), 'no such run'], serials: [1, 2] },
  ],
  databaseChanges: () => [{ limit: 10 }],
  listRuns: () => [null],
  matchingRuns: () => phaseFilters,
  phaseKinds: () => [null],
  listPhases: ({ keys }) => [
    ...phaseFilters.map((filter) => ({ filter, keys: null, limit: 50 })),
    { filter: anyPhase, keys: [...keys.slice(0, 5), nobody], limit: 3 },
  ],
  searchPhases: ({ searched }) => searched.map((text) => ({ text, limit: 30 })),
  runDetail: ({ runIds }) => [...runIds, nobody.runId].map((runId) => ({ runId })),
  phase: ({ keys }) => [...keys, nobody],
  telemetry: (subjects) => [
    ...analyses,
    ...telemetryFilters(subjects).map((filter) => ({
      options: defaultTelemetryOptions,
      filter,
      suspects: 5,
    })),
  ],
  coverage: () => [null],
  calibration: () => [{}, { minSamples: 3, anyRole: true }],
  eventCounts: ({ runIds }) => [null, ...runIds.slice(0, 5), nobody.runId].map((runId) => ({ runId })),
  selectedEvents: telemetryFilters,
  telemetryEvents: () => [{ after: 0, limit: 40 }, { after: 7, limit: 3 }, { ids: [1, 2, 5, 999_999] }],
  phaseEvents: ({ keys }) => [...keys.slice(0, 10), nobody],
  telemetryHtml: () => analyses,
  telemetrySamples: () => [{ withDetails: true }, { withDetails: false }],
  telemetryView: (subjects) =>
    telemetryFilters(subjects).map((filter) => ({ options: defaultTelemetryOptions, filter })),
  modelFigures: (subjects) =>
    telemetryFilters(subjects).map((filter) => ({ options: defaultTelemetryOptions, filter })),
  stalePhases: () => [{ before: longAgo }, { before: Date.UTC(2100, 0, 1) }],
  requeueSelection: ({ runIds, keys, fingerprints }) => [
    ...requeues,
    { ...requeues[0], runIds: runIds.slice(0, 2), states: ['FAILED'], staleBefore: longAgo },
    { keys: keys.slice(0, 6), states: requeueableStates, staleBefore: longAgo },
    ...fingerprints.map(
      (fingerprint) => ({ fingerprint, states: ['FAILED'], staleBefore: longAgo }) as const,
    ),
  ],
  runToDelete: ({ runIds }) => [...runIds.slice(0, 8), nobody.runId].map((runId) => ({ runId })),
  failures: ({ keys }) => [
    null,
    keys
      .slice(0, 2)
      .map((key) => ({ ...key, reason: 'ImportError: no module', source: 'drain-session' as const })),
  ],
  backupContent: () => [null],
  leftCanaries: () => [null],
  drainCandidates: ({ runIds, keys }): readonly DrainScope[] => [
    { kind: 'all' },
    { kind: 'all', match: { text: 'a', categories: ['tests'], complexities: [] } },
    ...[...runIds.slice(0, 3), nobody.runId].map((runId) => ({ kind: 'run', runId }) as const),
    { kind: 'phases', keys: [...keys.slice(0, 4), nobody] },
  ],
  phaseOutcome: ({ keys }) =>
    [...keys.slice(0, 6), nobody].flatMap((key) => [
      { key, since: null },
      { key, since: marks },
    ]),
};

/** Every question of the protocol, about what a database holds. */
export async function everyQuestion(reader: DatabaseReader, path: string): Promise<Question[]> {
  const subjects = await subjectsOf(reader, path);
  return (Object.keys(params) as ReaderRequestName[]).flatMap((name) =>
    params[name](subjects).map((given): Question => ({ name, params: given })),
  );
}

async function subjectsOf(reader: DatabaseReader, path: string): Promise<Subjects> {
  const ask = async <Name extends ReaderRequestName>(name: Name, given: ReaderRequests[Name]['params']) =>
    (await reader.request(path, name, given)).value;
  const phases = await ask('listPhases', { filter: anyPhase, keys: null, limit: 2000 }).then(
    (list) => list.phases,
    () => [],
  );
  const runIds = await ask('listRuns', null).then(
    (runs) => runs.map(({ id }) => id),
    () => [],
  );
  const clusters = await ask('failures', null).then(
    (report) => report.clusters,
    () => [],
  );
  const events = await ask('telemetryEvents', { after: 0, limit: 50 }).catch(() => []);
  const step = Math.max(1, Math.floor(phases.length / 12));
  return {
    runIds: runIds.filter((_, index) => index % Math.max(1, Math.floor(runIds.length / 12)) === 0),
    keys: phases.filter((_, index) => index % step === 0).map(({ runId, phaseId }) => ({ runId, phaseId })),
    searched: ['', 'parse', 'import cannot', 'É', ...phases.slice(0, 2).map(({ name }) => name)],
    models: [...new Set(events.map(({ model }) => model))],
    fingerprints: clusters.slice(0, 3).map(({ fingerprint }) => fingerprint),
  };
}
