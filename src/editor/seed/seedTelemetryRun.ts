import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/writeDatabase.ts';
import type { GivenRole } from '../../core/identity/identityTable.ts';
import { mixingText } from '../../core/seed/mixedSeeding.ts';
import { telemetryCollectionV4 } from '../../core/seed/plans/telemetryCollectionV4.ts';
import { seedDatabase, type SeedResult } from '../../core/seed/seedDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { counted } from '../../core/text/quantities.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import type { RunningOperation } from '../status/runningOperation.ts';
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
  const seeded = await deps.running.during('seed', () => askAndSeed(deps));
  if (seeded !== undefined) await tellSeeded(seeded, deps);
}

async function askAndSeed(deps: SeedTelemetryRunDeps): Promise<SeedResult | undefined> {
  const { reader, writer, selected, clock } = deps;
  const path = selected.requirePath();
  // Any adopted database will do for the guard: whether a role is wrong, the question below says and asks.
  const expected = await authoriseWrite(path, 'seed', deps, { anyRole: true });
  if (expected === undefined) return undefined;
  const runs = await reader.ask(path, 'listRuns', null);
  const runId = await askRunId(new Set(runs.value.map(({ id }) => id)));
  if (runId === undefined || !(await confirmSeed(path, expected.role, runId, reader))) return undefined;
  return seedDatabase(writer, path, {
    now: clock.now(),
    runId,
    expected,
    anyRole: expected.role !== 'seed',
  });
}

/** The usual run id without a question; where it is taken, the user gives another. */
async function askRunId(taken: ReadonlySet<string>): Promise<string | undefined> {
  const usual = telemetryCollectionV4.runId;
  if (!taken.has(usual)) return usual;
  return vscode.window.showInputBox({
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

async function confirmSeed(
  path: string,
  role: GivenRole,
  runId: string,
  reader: DatabaseReader,
): Promise<boolean> {
  const phases = counted(telemetryCollectionV4.phases.length, 'queued phase');
  if (role === 'seed') {
    const seed = 'Seed';
    const question = `Seed the run ${runId} into ${basename(path)}?`;
    const detail = `It gets ${phases}, to be drained later.\n\nDatabase: ${path}\nRole: telemetry seed`;
    return (await vscode.window.showInformationMessage(question, { modal: true, detail }, seed)) === seed;
  }
  const anyway = 'Seed Anyway';
  const { value: facts } = await reader.ask(path, 'identity', null);
  const question = `${basename(path)} is a legacy backlog, not a telemetry seed database. Seed the run ${runId} into it?`;
  const detail = `${mixingText(facts.counts, telemetryCollectionV4)} Create a telemetry seed database instead.\n\nDatabase: ${path}\nRole: legacy backlog`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, anyway)) === anyway;
}
