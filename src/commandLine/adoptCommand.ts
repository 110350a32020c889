import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { GivenRole } from '../core/identity/identityTable.ts';
import { adoptionLevel } from '../core/identity/protection.ts';
import { adopt, planAdoption } from '../node/maintenance/adopt.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { requireConfirmedSources } from './requireConfirmedSources.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { allowTriggersOption, guardOf } from './guardOptions.ts';

interface AdoptOptions extends DatabaseOptions, ConsentOptions {
  readonly role: GivenRole;
  readonly newId?: boolean;
  readonly anyRole?: boolean;
  readonly allowTriggers?: boolean;
}

/** `adopt`: gives a database that others made an identity, so that it can be written. */
export function addAdoptCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('adopt')
    .description('Give a database an id and a role of its own, after a backup, so that it can be written.')
    .addOption(databaseOption())
    .addOption(
      new Option('--role <role>', 'what the database is for')
        .choices(['seed', 'legacy'])
        .makeOptionMandatory(),
    )
    .option('--new-id', 'give a copy a new id, so that it becomes a database of its own')
    .option('--any-role', 'use this role even where the runs suggest another')
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: AdoptOptions) => report(options, adoptDatabase(options, context)));
}

async function adoptDatabase(options: AdoptOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { role, newId: anew = false, anyRole = false, allowTriggers = false } = options;
  const { writer, clock, signal, cwd } = context;
  const guard = guardOf(context, {});
  const plan = await planAdoption(guard, path, { role, anew, anyRole, allowTriggers }, signal);
  context.announce(plan.fingerprint);
  const { fingerprint, question, rows } = plan;
  await requireConfirmedSources(fingerprint.path, cwd, context);
  await requireConsent(
    {
      operation: 'adopt',
      path: fingerprint.path,
      database: { ...fingerprint, level: adoptionLevel(fingerprint, role) },
      details: () => ({ question, rows, params: { role, anew, anyRole, allowTriggers } }),
    },
    options,
    context,
  );
  const { id, backup } = await adopt(plan, { guard, writer, clock, workspaceFolder: resolve(cwd) }, signal);
  const adopted = `Adopted ${plan.fingerprint.path} as a ${role} database: ${id}.`;
  const done =
    rows === 0
      ? `${plan.fingerprint.path} is a ${role} database already (${id}); this folder now knows it.`
      : `${adopted}${backup === null ? '' : `\nBackup: ${backup.path}`}`;
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path: plan.fingerprint.path, id, role, backupPath: backup?.path ?? null },
    text: `${done}\nNext: Check the database identity.`,
  };
}
