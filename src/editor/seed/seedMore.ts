import { UserFacingError } from '../../core/errors.ts';
import { planTargetedRun } from '../../core/seed/planTargetedRun.ts';
import { seedDatabase } from '../../core/seed/seedDatabase.ts';
import type { SeedPlan } from '../../core/seed/seedPlan.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { requireWritableServer } from '../database/virtualPaths.ts';
import { authoriseWrite } from '../guard/authoriseWrite.ts';
import { counted } from '../../core/text/quantities.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { Offer } from '../offers/offers.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { notifySeeded, type SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** Seed Missing Kinds of Phases: a run of just the kinds that the coverage lacks, after a question that names the file. */
export async function seedMore(deps: SeedTelemetryRunDeps): Promise<void> {
  requireTrust(t`Seeding a run`);
  const { reader, writer, selected, clock } = deps;
  const path = selected.requirePath();
  requireWritableServer(path, t`Seeding a run`, selected.state);
  const { value: facts } = await reader.request(path, 'identity', null);
  // Adopting comes after: it would change a file that is refused all the same.
  if (facts.role === 'legacy') throw backlog(path);
  const expected = await authoriseWrite(path, 'seed', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const now = clock.now();
  const { value } = await reader.request(path, 'coverage', null);
  const plan = planTargetedRun(value.coverage, value.existing, now);
  if (plan === null) throw nothingToSeed(value.coverage.missing);
  if (!(await confirm(path, plan, offer))) return;
  await notifySeeded(path, await seedDatabase(writer, path, { now, plan, expected }), deps);
}

function backlog(path: string): UserFacingError {
  return new UserFacingError(
    'wrong-role',
    t`${databaseName(path)} is a legacy backlog, not a telemetry seed database.`,
    t`Select a telemetry seed database, or create one.`,
  );
}

function nothingToSeed(missing: number): UserFacingError {
  return missing === 0
    ? new UserFacingError('nothing-missing', t`No kind of phase is missing.`, t`Analyze the telemetry.`)
    : new UserFacingError(
        'nothing-missing',
        t`All that is missing is queued already.`,
        t`Drain the queued phases.`,
      );
}

async function confirm(path: string, { runId, phases }: SeedPlan, offer: Offer): Promise<boolean> {
  const seed = contextual('verb')`Seed`;
  const kinds = phases.map(({ category, complexity }) => `${category} (${complexity})`);
  const detail = [`${counted(phases.length, 'queued phase')}: ${[...new Set(kinds)].join(', ')}.`];
  const question = t`Seed the run ${runId} into ${databaseName(path)}?`;
  const write = { operation: 'seed', rows: phases.length } as const;
  const asked = { severity: 'information', message: question, detail, buttons: [seed], write } as const;
  return (await offer.ask(asked)) === seed;
}
