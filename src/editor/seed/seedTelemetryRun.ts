import { basename } from 'node:path';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { telemetryCollectionV4 } from '../../core/seed/telemetryCollectionV4.ts';
import { seedDatabase, type SeedResult } from '../../core/seed/seedDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Offer } from '../offers/offers.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import type { RunningOperation } from '../status/runningOperation.ts';
import { safeWindow } from '../text/safeWindow.ts';
import { askForeignRole } from './askForeignRole.ts';
import { tellSeeded } from './tellSeeded.ts';

/** What seeding needs. */
export interface SeedTelemetryRunDeps extends AuthoriseDeps {
  readonly writer: DatabaseWriterPort;
  readonly selected: SelectedDatabase;
  /** Says which operation is under way, so that a wrong role is seen. */
  readonly running: RunningOperation;
  /** Shows a run that was just made. */
  readonly revealRun: (runId: string) => Promise<void>;
}

/** Seed Telemetry Run: asks, naming file and role, then writes the run into the file that was asked about and no other. */
export async function seedTelemetryRun(deps: SeedTelemetryRunDeps): Promise<void> {
  requireTrust('Seeding a run');
  const path = deps.selected.requirePath();
  const seeded = await deps.running.during('seed', () => askAndSeed(path, deps));
  if (seeded === 'create') await executeCommand('createSeedDatabase');
  else if (seeded !== undefined) await tellSeeded(path, seeded, deps);
}

async function askAndSeed(
  path: string,
  deps: SeedTelemetryRunDeps,
): Promise<SeedResult | 'create' | undefined> {
  const { reader } = deps;
  const offer = await deps.offers.about(path);
  const { value: facts } = await reader.ask(path, 'identity', null);
  if (facts.role !== 'legacy') return authoriseAndSeed(path, deps);
  // Before anything is asked that writes: who is on the wrong database should hear just that, not adopt it.
  const runId = await askRunId(path, reader);
  if (runId === undefined) return undefined;
  const answer = await askForeignRole(facts, runId, offer);
  return answer === 'seed' ? authoriseAndSeed(path, deps, runId) : answer;
}

/** `meant` is the id of the run that a person wants in a database of whatever role. */
async function authoriseAndSeed(
  path: string,
  deps: SeedTelemetryRunDeps,
  meant?: string,
): Promise<SeedResult | undefined> {
  const { reader, writer, clock } = deps;
  const anyRole = meant !== undefined;
  const expected = await authoriseWrite(path, 'seed', deps, { anyRole });
  if (expected === undefined) return undefined;
  const offer = await deps.offers.about(path);
  const runId = meant ?? (await askRunId(path, reader));
  if (runId === undefined || (!anyRole && !(await confirmSeed(path, runId, offer)))) return undefined;
  return seedDatabase(writer, path, { now: clock.now(), runId, expected, anyRole });
}

/** The usual run id without a question; where it is taken, the user gives another. */
async function askRunId(path: string, reader: DatabaseReader): Promise<string | undefined> {
  const { value: runs } = await reader.ask(path, 'listRuns', null);
  const taken: ReadonlySet<string> = new Set(runs.map(({ id }) => id));
  const usual = telemetryCollectionV4.runId;
  if (!taken.has(usual)) return usual;
  return safeWindow.showInputBox({
    title: 'Seed Telemetry Run',
    prompt: `The run ${usual} is in the database already. Give the new run another id.`,
    value: nextFreeId(usual, taken),
    validateInput: (given) => {
      if (given.trim() === '') return 'Give the run an id.';
      return taken.has(given.trim()) ? 'There is a run with this id already.' : undefined;
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
  const seed = 'Seed';
  const question = `Seed the run ${runId} into ${basename(path)}?`;
  const phases = counted(telemetryCollectionV4.phases.length, 'queued phase');
  const detail = [`It gets ${phases}, to be drained later.`];
  const asked = { severity: 'information', message: question, detail, buttons: [seed] } as const;
  return (await offer.ask(asked)) === seed;
}
