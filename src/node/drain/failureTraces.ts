import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { StoredSession } from '../../core/drain/drainPorts.ts';
import type { FoundReason } from '../../core/failures/clusterFailures.ts';
import { parseTimestamp } from '../../core/model/timestamp.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { keyOf } from '../../core/queries/candidates.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';
import { realPathOf } from '../system/realPath.ts';
import { readIfThere } from '../system/regularFile.ts';
import { SessionFiles } from './sessionStore.ts';

/** Where traces of executions are looked for. */
export interface TracePlaces {
  /** The workspace folders; absolute. */
  readonly folders: readonly string[];
  /** Sessions that say that they drained another database are left out; absolute. */
  readonly databasePath: string;
}

/** The newest sessions are read, and of each run the newest reports: what is older was followed by something newer. */
const mostSessions = 200;
const mostReports = 40;
const longestReport = 512 << 10;

/** What an execution left behind of a phase. */
interface PhaseTrace {
  readonly at: number;
  readonly reason: string | null;
  readonly source: FoundReason['source'];
  /** The file to read; absolute. */
  readonly file: string | null;
}

/**
 * Why phases failed, as their drain sessions and Autopack's error reports under `.autonomous_runs` say it; of each the
 * newest. Never rejects: unreadable files are ignored.
 */
export async function findReasons(keys: readonly PhaseKey[], places: TracePlaces): Promise<FoundReason[]> {
  const traces = await collectTraces(keys, places);
  return keys.flatMap(({ runId, phaseId }) => {
    const telling = (traces.get(keyOf({ runId, phaseId })) ?? []).filter(({ reason }) => reason !== null);
    const newest = newestOf(telling);
    const reason = newest?.reason ?? null;
    return newest === null || reason === null ? [] : [{ runId, phaseId, reason, source: newest.source }];
  });
}

/** The log or report that was written last of a phase, absolute; `null` where there is none. Never rejects. */
export async function traceOfPhase(key: PhaseKey, places: TracePlaces): Promise<string | null> {
  const traces = await collectTraces([key], places);
  const withFile = (traces.get(keyOf(key)) ?? []).filter(({ file }) => file !== null);
  return newestOf(withFile)?.file ?? null;
}

function newestOf(traces: readonly PhaseTrace[]): PhaseTrace | null {
  return traces.reduce<PhaseTrace | null>(
    (newest, each) => (newest !== null && newest.at >= each.at ? newest : each),
    null,
  );
}

type Traces = Map<string, PhaseTrace[]>;

async function collectTraces(
  keys: readonly PhaseKey[],
  { folders, databasePath }: TracePlaces,
): Promise<Traces> {
  const traces: Traces = new Map(keys.map((key) => [keyOf(key), []]));
  if (keys.length === 0) return traces;
  const database = await realPathOf(databasePath);
  for (const folder of folders) {
    await readSessions(folder, database, traces);
    const root = join(folder, '.autonomous_runs');
    const places = [root, ...(await projectRuns(root))];
    for (const runId of new Set(keys.map((key) => key.runId))) await readReports(places, runId, traces);
  }
  return traces;
}

async function readSessions(folder: string, database: string, traces: Traces): Promise<void> {
  const files = new SessionFiles(folder);
  const ids = await files.list().catch(() => []);
  for (const id of ids.sort().reverse().slice(0, mostSessions)) {
    const stored = await files.load(id).catch(() => null);
    if (stored === null || (stored.facts !== null && stored.facts.databasePath !== database)) continue;
    readResults(folder, stored, traces);
  }
}

function readResults(folder: string, { session, facts }: StoredSession, traces: Traces): void {
  const startedAt = parseTimestamp(session.started_at) ?? 0;
  session.results.forEach((result, index) => {
    const { run_id: runId, phase_id: phaseId } = result;
    const own = traces.get(keyOf({ runId, phaseId }));
    if (own === undefined) return;
    const whole = facts?.results[index];
    const error = whole?.runId === runId && whole.phaseId === phaseId ? whole.error : result.error_message;
    const log = firstNamed(result.subprocess_stderr_path, result.subprocess_stdout_path);
    own.push({
      at: (result.timestamp === null ? null : parseTimestamp(result.timestamp)) ?? startedAt + index,
      reason: result.success || error === null || error.trim() === '' ? null : error,
      source: 'drain-session',
      file: log === null ? null : isAbsolute(log) ? log : join(folder, log),
    });
  });
}

function firstNamed(...paths: readonly (string | null)[]): string | null {
  return paths.find((path) => path !== null && path !== '') ?? null;
}

const errorReport = z.object({
  phase_id: z.string(),
  timestamp: z.string().nullish(),
  error_type: z.string(),
  error_message: z.string(),
});

/** Autopack's reports of a run: `.autonomous_runs/<run>/errors/*.json`, in some versions below the project's folder. */
async function readReports(places: readonly string[], runId: string, traces: Traces): Promise<void> {
  // An id is a name here, and never a way out of the folder.
  if (runId === '' || runId === '.' || runId === '..' || /[\\/\0]/.test(runId)) return;
  for (const place of places) {
    const errors = join(place, runId, 'errors');
    const names = (await namesIn(errors)).filter((name) => name.endsWith('.json'));
    for (const name of names.sort().reverse().slice(0, mostReports)) {
      const report = await readReport(join(errors, name));
      const own = report === null ? undefined : traces.get(keyOf({ runId, phaseId: report.phase_id }));
      if (report === null || own === undefined) continue;
      own.push({
        at: parseTimestamp(report.timestamp ?? '') ?? 0,
        reason: `${report.error_type}: ${report.error_message}`,
        source: 'error-report',
        file: join(errors, name),
      });
    }
  }
}

async function readReport(path: string): Promise<z.output<typeof errorReport> | null> {
  const text = await readIfThere(path, longestReport).catch(() => null);
  try {
    return text === null ? null : errorReport.parse(parseJsonText(text));
  } catch {
    return null;
  }
}

/** `.autonomous_runs/<project>/runs`, and the families of runs below. */
async function projectRuns(root: string): Promise<string[]> {
  const runs = (await foldersIn(root)).map((project) => join(root, project, 'runs'));
  const families = await Promise.all(
    runs.map(async (folder) => (await foldersIn(folder)).map((family) => join(folder, family))),
  );
  return [...runs, ...families.flat()];
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
