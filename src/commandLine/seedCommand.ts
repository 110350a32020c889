import type { Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import type { WriteExpectation } from '../core/identity/databaseFingerprint.ts';
import type { GivenRole } from '../core/identity/identityTable.ts';
import { mixingText, type SeedPlan } from '../core/seed/seedPlan.ts';
import { planTargetedRun } from '../core/seed/planTargetedRun.ts';
import { telemetryCollectionV4 } from '../core/seed/telemetryCollectionV4.ts';
import { seedDatabase } from '../core/seed/seedDatabase.ts';
import { printable } from '../core/text/printable.ts';
import { counted } from '../core/text/quantities.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { acceptFileOption, allowTriggersOption, authorise, type WriteOptions } from './guardOptions.ts';
import type { WriteDetails } from './proposedWrite.ts';

interface SeedCommandOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly runId?: string;
  readonly targeted?: boolean;
}

/** `seed`: the telemetry collection run, ready to be drained. */
export function addSeedCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('seed')
    .description(
      'Add the telemetry collection run: one tier, ten QUEUED phases that are simple and achievable.',
    )
    .addOption(databaseOption())
    .option('--run-id <id>', `the id of the new run (default: ${telemetryCollectionV4.runId})`)
    .option('--targeted', 'add a run of only the missing kinds of phases instead')
    .option('--any-role', 'allow an adopted database that is not a telemetry seed, after asking')
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: SeedCommandOptions) => report(options, seed(options, context)));
}

async function seed(options: SeedCommandOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { runId, targeted = false, anyRole = false } = options;
  const now = context.clock.now();
  const expected = await authorise(path, 'seed', options, context);
  const plan = targeted ? await targetedPlan(path, now, context) : telemetryCollectionV4;
  const named = runId === undefined ? plan : { ...plan, runId };
  await requireSeedConsent(path, expected, named, options, context);
  const seeded = await seedDatabase(
    context.writer,
    path,
    { now, plan: named, anyRole, expected },
    context.signal,
  );
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, ...seeded },
    text: `Seeded the run ${printable(seeded.runId)} with ${seeded.phases} phases into ${printable(path)}.\nNext: ${seeded.nextStep}`,
  };
}

/** Asks before a run is added, as the protection of the database wants; `path` is absolute. */
export function requireSeedConsent(
  path: string,
  expected: WriteExpectation,
  plan: SeedPlan,
  options: ConsentOptions,
  context: CommandContext,
): Promise<void> {
  const details = async (): Promise<WriteDetails> => ({
    question: await seedQuestion(path, expected.role, plan, context),
    rows: plan.phases.length,
    params: { runId: plan.runId, phases: plan.phases },
  });
  return requireConsent({ operation: 'seed', path, database: expected, details }, options, context);
}

/** `--any-role` lets a run into a backlog be asked about; it is no answer to that. */
async function seedQuestion(
  path: string,
  role: GivenRole,
  plan: SeedPlan,
  context: CommandContext,
): Promise<string> {
  const question = `Seed the run ${plan.runId} (${counted(plan.phases.length, 'phase')}) into ${path}, a ${role} database?`;
  if (role === 'seed') return question;
  const { value: facts } = await context.reader.request(path, 'identity', null, context.signal);
  return `${question} ${mixingText(facts.counts, plan)}`;
}

async function targetedPlan(path: string, now: number, context: CommandContext): Promise<SeedPlan> {
  const { value } = await context.reader.request(path, 'coverage', null, context.signal);
  const plan = planTargetedRun(value.coverage, value.existing, now);
  if (plan !== null) return plan;
  const { missing } = value.coverage;
  throw new UserFacingError(
    'nothing-missing',
    missing === 0 ? 'No kind of phase is missing.' : 'All that is missing is queued already.',
    missing === 0 ? 'Analyze the telemetry.' : 'Drain the queued phases.',
  );
}
