import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { seedDatabase, type SeedResult } from '../../core/seed/seedDatabase.ts';
import { mixingText } from '../../core/seed/seedPlan.ts';
import { telemetryCollectionV4 } from '../../core/seed/telemetryCollectionV4.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { RunningOperation } from '../database/runningOperation.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { requireWritableServer } from '../database/virtualPaths.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import type { Offer } from '../offers/offers.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';

/** What seeding needs. */
export interface SeedTelemetryRunDeps extends AuthoriseDeps {
  readonly writer: DatabaseWriterPort;
  readonly selected: SelectedDatabase;
  /** Says which operation is under way, so that a wrong role is seen. */
  readonly running: RunningOperation;
  /** Shows a run that was just made. */
  readonly revealRun: (runId: string) => Promise<void>;
}

/**
 * Seed Telemetry Run: asks, naming file and role, then writes the run into the file that was asked about and no other.
 * `isAgreed` is whether a person said yes to it with the question before.
 */
export async function seedTelemetryRun(deps: SeedTelemetryRunDeps, isAgreed = false): Promise<void> {
  requireTrust(t`Seeding a run`);
  const path = deps.selected.requirePath();
  requireWritableServer(path, t`Seeding a run`, deps.selected.state);
  const seeded = await deps.running.during('seed', () => askAndSeed(path, deps, isAgreed));
  if (seeded === 'create') await executeCommand('createSeedDatabase');
  else if (seeded !== undefined) await notifySeeded(path, seeded, deps);
}

async function askAndSeed(
  path: string,
  deps: SeedTelemetryRunDeps,
  isAgreed: boolean,
): Promise<SeedResult | 'create' | undefined> {
  const { reader } = deps;
  const offer = await deps.offers.about(path);
  const { value: facts } = await reader.request(path, 'identity', null);
  if (facts.role !== 'legacy') return authoriseAndSeed(path, deps, { isAgreed });
  // Before anything is asked that writes: whoever is on the wrong database should learn just that, not adopt it.
  const runId = await askRunId(path, reader);
  if (runId === undefined) return undefined;
  const answer = await askForeignRole(facts, runId, offer);
  return answer === 'seed' ? authoriseAndSeed(path, deps, { meant: runId, isAgreed: true }) : answer;
}

/** What a person has said already. */
interface SeedConsent {
  /** The id of the run that they want in a database of whatever role. */
  readonly meant?: string;
  readonly isAgreed: boolean;
}

async function authoriseAndSeed(
  path: string,
  deps: SeedTelemetryRunDeps,
  { meant, isAgreed }: SeedConsent,
): Promise<SeedResult | undefined> {
  const { reader, writer, clock } = deps;
  const anyRole = meant !== undefined;
  const expected = await authoriseWrite(path, 'seed', deps, { anyRole });
  if (expected === undefined) return undefined;
  const offer = await deps.offers.about(path);
  const runId = meant ?? (await askRunId(path, reader));
  if (runId === undefined || (!isAgreed && !(await confirmSeed(path, runId, offer)))) return undefined;
  return seedDatabase(writer, path, { now: clock.now(), runId, expected, anyRole });
}

/** The usual run id without a question; where it is taken, the user gives another. */
async function askRunId(path: string, reader: DatabaseReader): Promise<string | undefined> {
  const { value: runs } = await reader.request(path, 'listRuns', null);
  const taken: ReadonlySet<string> = new Set(runs.map(({ id }) => id));
  const usual = telemetryCollectionV4.runId;
  if (!taken.has(usual)) return usual;
  return safeWindow.showInputBox({
    title: t`Seed Telemetry Run`,
    prompt: t`The run ${usual} is in the database already. Give the new run another id.`,
    value: nextFreeId(usual, taken),
    validateInput: (given) => {
      if (given.trim() === '') return t`Give the run an id.`;
      return taken.has(given.trim()) ? t`There is a run with this id already.` : undefined;
    },
  });
}

function nextFreeId(usual: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const id = `${usual}-${number}`;
    if (!taken.has(id)) return id;
  }
}

async function confirmSeed(path: string, runId: string, offer: Offer): Promise<boolean> {
  const seed = contextual('verb')`Seed`;
  const question = t`Seed the run ${runId} into ${databaseName(path)}?`;
  const phases = counted(telemetryCollectionV4.phases.length, 'queued phase');
  const detail = [t`It gets ${phases}, to be drained later.`];
  const write = { operation: 'seed', rows: telemetryCollectionV4.phases.length } as const;
  const asked = { severity: 'information', message: question, detail, buttons: [seed], write } as const;
  return (await offer.ask(asked)) === seed;
}

/** What a person wants who was about to seed a backlog. */
export type ForeignRoleAnswer = 'seed' | 'create' | undefined;

/** Asks whether a run is to go into a database that is no telemetry seed; a new one is the default. */
async function askForeignRole(
  { path, counts }: Pick<DatabaseFacts, 'path' | 'counts'>,
  runId: string,
  offer: Offer,
): Promise<ForeignRoleAnswer> {
  const create = t`Create a Seed Database`;
  const anyway = t`Seed Anyway`;
  const question = t`${databaseName(path)} is a legacy backlog, not a telemetry seed database. Seed the run ${runId} into it?`;
  const detail = [t`${mixingText(counts, telemetryCollectionV4)} Create a telemetry seed database instead.`];
  const pressed = await offer.ask({
    severity: 'warning',
    message: question,
    detail,
    buttons: [create, anyway],
    harmless: [create],
    write: { operation: 'seed', rows: telemetryCollectionV4.phases.length },
  });
  if (pressed === undefined) return undefined;
  return pressed === anyway ? 'seed' : 'create';
}

/** Shows a run that was just seeded into the database at the absolute `path`, and offers to drain it. */
export async function notifySeeded(
  path: string,
  { runId, phases, nextStep }: SeedResult,
  { selected, revealRun, offers }: Pick<SeedTelemetryRunDeps, 'selected' | 'revealRun' | 'offers'>,
): Promise<void> {
  await selected.refresh();
  const offer = await offers.about(path);
  await revealRun(runId);
  const drain = t`Drain Run`;
  const message = t`Seeded the run ${runId} with ${counted(phases, 'phase')}. ${nextStep}`;
  if ((await offer.ask({ severity: 'information', message, buttons: [drain] })) === drain) {
    await executeCommand('drainRun', { runId });
  }
}
