import { join } from 'node:path';
import { DrainLedger } from '../../core/drain/drainLedger.ts';
import { resolveDrainOptions, scopeOf, type DrainOptions } from '../../core/drain/drainOptions.ts';
import type { DrainJob } from '../../core/drain/drainPorts.ts';
import { offeredVariables, resumedVariables, type VariableFacts } from '../../core/drain/knownVariables.ts';
import { planDrain, type DrainPlan } from '../../core/drain/planDrain.ts';
import { refuseUndrainable } from '../../core/drain/refuseUndrainable.ts';
import { restoreSession, type RestoredSession } from '../../core/drain/restoreSession.ts';
import type { CostQuote, ExecutorPort } from '../../core/model/execution.ts';
import type { Phase } from '../../core/model/phase.ts';
import type { DrainBacklog } from '../../core/queries/candidates.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { realPathOf } from '../system/realPath.ts';
import { readSmallFile } from '../system/regularFile.ts';
import { SessionFiles } from './sessionStore.ts';

/** What a plan is made from. Paths are absolute. */
export interface PlanQuestion extends DrainJob {
  readonly reader: DatabaseReader;
  /** What would execute the phases. */
  readonly executor: Pick<ExecutorPort, 'runsFirstQueued' | 'environment' | 'quote'>;
}

/** A plan, and what a person should know besides. */
export interface PlannedDrain {
  readonly plan: DrainPlan;
  /** Everything that bounds it: of a resumed session its own, with what was given besides. */
  readonly options: DrainOptions;
  readonly warnings: readonly string[];
  /** Variables of Autopack that are not set and worth a thought, one sentence each. */
  readonly offers: readonly string[];
  /** Variables to be set for executions: the executor's own, and those that a resumed session was begun with. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it is to cost; `null` where the executor calls no model itself. */
  readonly cost: CostQuote | null;
}

/**
 * Plans a drain without touching anything: the database need not even be adopted. Fails as the drain itself would
 * where there is nothing to plan.
 */
export async function planDrainOf(job: PlanQuestion, signal?: AbortSignal): Promise<PlannedDrain> {
  const { databasePath, resume, reader } = job;
  const restored = resume === undefined ? null : await restoredFor(resume, job, signal);
  const asked = Object.fromEntries(Object.entries(job.options).filter(([, value]) => value !== undefined));
  // The plan says what would run in place of what; whether that may be is asked with the plan.
  const options = resolveDrainOptions({ ...restored?.options, ...asked, allowEarlierQueued: true });
  const { value: backlog } = await reader.request(databasePath, 'drainCandidates', scopeOf(options), signal);
  // Only Autopack's own script knows any.
  const knowsVariables = job.executor.runsFirstQueued === true;
  const given = knowsVariables ? (job.executor.environment ?? {}) : null;
  const { environment, notes } = resumedVariables(restored?.environment ?? {}, given);
  const warnings = restored === null ? refuseUndrainable(backlog, options) : notes;
  const ledger = new DrainLedger(options, restored?.results ?? []);
  const { runsFirstQueued } = job.executor;
  const plan = planDrain(backlog, options, ledger, restored?.activeMs ?? 0, runsFirstQueued);
  const offers = knowsVariables ? await offersFor(plan, backlog, job.workspaceFolder, environment) : [];
  const cost = await quoteFor(plan, options.maxAttemptsPerPhase, job, signal);
  return { plan, options, warnings, offers, environment, cost };
}

async function quoteFor(
  { steps }: DrainPlan,
  attempts: number,
  { databasePath, reader, executor }: PlanQuestion,
  signal: AbortSignal | undefined,
): Promise<CostQuote | null> {
  if (executor.quote === undefined) return null;
  const phases: Phase[] = [];
  for (const { candidate } of steps) {
    const { runId, phaseId } = candidate;
    phases.push((await reader.request(databasePath, 'phase', { runId, phaseId }, signal)).value);
  }
  return executor.quote(phases, attempts);
}

async function offersFor(
  { steps }: DrainPlan,
  { isMigrated }: DrainBacklog,
  workspaceFolder: string,
  environment: Readonly<Record<string, string>>,
): Promise<string[]> {
  const runIds = [...new Set(steps.map(({ candidate }) => candidate.runId))];
  const facts = { runIds, isMigrated, source: await autopackSource(workspaceFolder) };
  return offeredVariables(facts, environment);
}

async function restoredFor(
  sessionId: string,
  { databasePath, workspaceFolder, reader }: PlanQuestion,
  signal: AbortSignal | undefined,
): Promise<RestoredSession> {
  const stored = await new SessionFiles(workspaceFolder).load(sessionId);
  const { value: mark } = await reader.request(databasePath, 'databaseFingerprint', { runIds: [] }, signal);
  return restoreSession(stored, { path: await realPathOf(databasePath), id: mark.id }, 0);
}

/** In bytes. The longest of these files has 500 KB. */
const longest = 4 << 20;

/** Where versions of Autopack read the variables, below `src/autopack`. */
const places = {
  skipsCi: ['autonomous_executor.py', 'executor/ci_runner.py', 'executor/ci_execution_flow.py'],
  bootstraps: ['config.py', 'database.py'],
  wantsTrue: ['executor/phase_orchestrator.py', 'executor/builder_orchestrator.py'],
} as const;

const patterns = {
  skipsCi: /AUTOPACK_SKIP_CI/,
  bootstraps: /AUTOPACK_DB_BOOTSTRAP/,
  wantsTrue: /TELEMETRY_DB_ENABLED['"], *['"]false['"]\)\.lower\(\) *!= *['"]true['"]/,
} as const;

/** Which variables the Autopack of a workspace knows; none where its source is not there. */
export async function autopackSource(workspaceFolder: string): Promise<VariableFacts['source']> {
  const folder = join(workspaceFolder, 'src', 'autopack');
  const holds = async (name: keyof typeof places): Promise<boolean> => {
    const texts = places[name].map((file) =>
      readSmallFile(join(folder, ...file.split('/')), longest).catch(() => ''),
    );
    return (await Promise.all(texts)).some((text) => patterns[name].test(text));
  };
  const [skipsCi, bootstraps, wantsTrue] = await Promise.all([
    holds('skipsCi'),
    holds('bootstraps'),
    holds('wantsTrue'),
  ]);
  return { skipsCi, bootstraps, wantsTrue };
}
