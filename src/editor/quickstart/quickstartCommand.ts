import { SampleCollection } from '../../core/drain/sampleCollection.ts';
import { UserFacingError } from '../../core/errors.ts';
import { planMissingSamples } from '../../core/seed/planMissingSamples.ts';
import { seedDatabase, type SeedResult } from '../../core/seed/seedDatabase.ts';
import type { SeedPlan } from '../../core/seed/seedPlan.ts';
import { telemetryCollectionV4 } from '../../core/seed/telemetryCollectionV4.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { readEstimator } from '../../node/telemetry/calibrationFiles.ts';
import { drainedPathOf } from '../../node/system/realPath.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { executeCommand, type CommandHandlers } from '../commands/registerCommand.ts';
import type { DrainRunner } from '../drains/drainRunner.ts';
import type { DrainSelected, EndedDrain } from '../drains/registerDrain.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { localFolders, pickExecutionFolder, requireTrust } from '../window/workspaceFolders.ts';
import { chooseQuickstartDatabase, readStanding, type QuickstartDatabaseDeps } from './quickstartDatabase.ts';
import { collectionRemarks, outcomeText, type QuickstartStanding } from './quickstartTexts.ts';

/** What a quickstart needs. */
export interface QuickstartDeps extends QuickstartDatabaseDeps, AuthoriseDeps {
  readonly errors: ErrorReporter;
  readonly runner: Pick<DrainRunner, 'find' | 'refuseSecond'>;
  readonly drain: DrainSelected;
  readonly executors: Builders['executors'];
  /** Shows a run that was just made. */
  readonly revealRun: (runId: string) => Promise<void>;
  /** The file with the estimator's coefficients in use; `null` for Autopack's own. */
  readonly estimatorPath: () => string | null;
}

/** Quickstart: from nothing to a proposal, or to what is missing for one. It can be left at each question and run again. */
export function quickstartCommand(deps: QuickstartDeps): CommandHandlers<'quickstart'> {
  return {
    quickstart: async () => {
      requireTrust(t`Quickstart`);
      requireFolder();
      const path = await chooseQuickstartDatabase(deps);
      if (path === undefined) return;
      const quickstart = new Quickstart(path, deps);
      if ((await quickstart.run()) === 'left') deps.errors.watch(sayLeft(path));
    },
  };
}

/** Phases are executed in a folder: nothing is made that could not be drained then. */
function requireFolder(): void {
  if (localFolders().length > 0) return;
  throw new UserFacingError(
    'invalid-argument',
    t`No folder is open to run phases in.`,
    t`Open the folder of the project, then run Quickstart again.`,
  );
}

async function sayLeft(path: string): Promise<void> {
  const goOn = t`Continue Quickstart`;
  const message = t`Quickstart stopped before draining ${databaseName(path)}. Run it again to continue from here.`;
  if ((await safeWindow.showInformationMessage(message, goOn)) === goOn) await executeCommand('quickstart');
}

/** `left` where the user left a question open, `told` where what happened was said. */
type QuickstartEnd = 'left' | 'told';

/** One walk from where a seed database stands to the report. */
class Quickstart {
  readonly #path: string;
  readonly #deps: QuickstartDeps;

  /** `path` is absolute, of a seed database that is selected. */
  constructor(path: string, deps: QuickstartDeps) {
    this.#path = path;
    this.#deps = deps;
  }

  async run(): Promise<QuickstartEnd> {
    const { reader, runner, revealRun } = this.#deps;
    const real = await drainedPathOf(this.#path);
    await runner.find(real);
    runner.refuseSecond(real);
    let standing = await readStanding(this.#path, reader);
    if (standing.stage === 'report') return this.#report(null, null);
    if (standing.stage === 'seed') {
      const seeded = await this.#seed(telemetryCollectionV4);
      if (seeded === undefined) return 'left';
      await revealRun(seeded.runId);
    }
    const executor = await this.#askExecutor();
    if (executor === undefined) return 'left';
    if (standing.stage === 'seed-more') {
      // Only an endpoint gives samples of a model without anything else to be set up.
      if (executor !== 'endpoint') return this.#report(executor, null);
      const plan = await this.#missing();
      if (plan === null) return this.#report(executor, t`There is no kind of phase left to seed.`);
      if ((await this.#seed(plan)) === undefined) return 'left';
    }
    standing = await readStanding(this.#path, reader);
    const first = await this.#drainFirst(standing, executor);
    if (first === undefined) return 'left';
    return this.#collect(first);
  }

  async #missing(): Promise<SeedPlan | null> {
    const { reader, clock } = this.#deps;
    const { value } = await reader.request(this.#path, 'coverage', null);
    return planMissingSamples({ ...value, now: clock.now() });
  }

  /** `isAgreed` is whether it belongs to what a person agreed to with the first drain. */
  async #seed(plan: SeedPlan, isAgreed = false): Promise<SeedResult | undefined> {
    const { offers, selected, writer, clock } = this.#deps;
    await offers.requireSelected(this.#path, t`Quickstart`);
    const expected = await authoriseWrite(this.#path, 'seed', this.#deps);
    if (expected === undefined) return undefined;
    const offer = await offers.about(this.#path);
    const write = { operation: 'seed', rows: plan.phases.length } as const;
    if (!isAgreed && !(await offer.confirm(write, t`Quickstart: Seed`))) return undefined;
    const seeded = await seedDatabase(writer, this.#path, { now: clock.now(), plan, expected });
    await selected.refresh();
    return seeded;
  }

  /** Asks what executes the phases; an endpoint is set up where there is none. */
  async #askExecutor(): Promise<ExecutorName | undefined> {
    const { executors } = this.#deps;
    const folder = await pickExecutionFolder(this.#path);
    if (folder === undefined) return undefined;
    const current = await executors.nameFor(folder);
    const chosen = await executors.ask(current, folder.uri.fsPath, t`Quickstart: Choose Executor`);
    if (chosen === undefined) return undefined;
    if (chosen === 'endpoint' && (await executors.endpoint()) === null) {
      await executeCommand('setUpEndpoint');
      if ((await executors.endpoint()) === null) return undefined;
    }
    await executors.remember(chosen);
    return chosen;
  }

  async #drainFirst(
    { stage, phaseStates, phases }: QuickstartStanding,
    wanted: ExecutorName,
  ): Promise<EndedDrain | undefined> {
    const state = stage === 'drain-failed' ? 'FAILED' : 'QUEUED';
    const batchSize = phaseStates[state] ?? 0;
    await this.#deps.offers.requireSelected(this.#path, t`Quickstart`);
    return this.#deps.drain(
      {
        kind: 'collection',
        request: { batchSize, states: [state] },
        remarks: (planned) => collectionRemarks(phases, batchSize, planned),
      },
      { wanted, isStep: true },
    );
  }

  /** Seeds and drains on for as long as there are samples to be had, then tells what everything came to. */
  async #collect({ executor, options, end }: EndedDrain): Promise<QuickstartEnd> {
    // Whatever else it came to was told with its end.
    if (end.kind !== 'stopped' || end.summary.succeeded === 0) return 'told';
    if (executor !== 'endpoint') {
      const { complete, message } = end.summary.stop;
      return this.#report(executor, complete ? null : message);
    }
    const { reader, clock, drain, offers } = this.#deps;
    const collection = new SampleCollection(options, end.summary);
    for (;;) {
      const { value } = await reader.request(this.#path, 'coverage', null);
      const step = collection.next({ ...value, now: clock.now() });
      if (step.kind === 'end') return this.#report(executor, step.isEnough ? null : step.reason);
      const seeded = await this.#seed(step.plan, true);
      if (seeded === undefined) return 'left';
      await offers.requireSelected(this.#path, t`Quickstart`);
      const request = collection.requestFor(seeded);
      const next = await drain(
        { kind: 'collection', request, remarks: () => [] },
        { wanted: executor, isAgreed: true, isStep: true },
      );
      if (next?.end.kind !== 'stopped' || next.end.summary.succeeded === 0) return 'told';
      collection.add(next.end.summary);
    }
  }

  async #report(executor: string | null, reason: string | null): Promise<QuickstartEnd> {
    const { reader, offers, errors, estimatorPath } = this.#deps;
    await offers.requireSelected(this.#path, t`Quickstart`);
    await executeCommand('analyzeTelemetry');
    const { phases } = (await reader.request(this.#path, 'coverage', null)).value.coverage;
    const isEnough = phases.have >= phases.need;
    const estimator = estimatorPath();
    const given = estimator === null ? {} : { estimator: await readEstimator(estimator) };
    const calibration = isEnough ? (await reader.request(this.#path, 'calibration', given)).value : null;
    const message = outcomeText({ phases, calibration, executor, reason });
    const isProposed = calibration?.verdict === 'proposed';
    // Autopack's script is not drained on by itself: what is missing is seeded by hand.
    const goOn = isEnough || executor === 'autopack' ? 'seedMore' : 'quickstart';
    errors.watch(this.#sayOutcome(message, isProposed ? null : goOn));
    return 'told';
  }

  async #sayOutcome(message: string, goOn: 'seedMore' | 'quickstart' | null): Promise<void> {
    const show = goOn === null ? safeWindow.showInformationMessage : safeWindow.showWarningMessage;
    const report = t`Show Report`;
    const more = goOn === 'seedMore' ? t`Seed for Missing Coverage` : t`Continue Quickstart`;
    const pressed = await show(message, report, ...(goOn === null ? [] : [more]));
    if (pressed === undefined) return;
    await this.#deps.offers.requireSelected(this.#path, pressed);
    if (goOn === null) await executeCommand('showProposal');
    else await executeCommand(pressed === report ? 'analyzeTelemetry' : goOn);
  }
}
