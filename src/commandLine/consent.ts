import { basename } from 'node:path';
import { CancelledError, UserFacingError } from '../core/errors.ts';
import { defaultLevels } from '../core/identity/identityTable.ts';
import {
  isBulkChange,
  loweringRefused,
  readOnlyRefused,
  requirementOf,
  writeNames,
  type Consent,
  type Requester,
  type Requirement,
} from '../core/identity/protection.ts';
import { isStricter, levelNames } from '../core/model/protectionLevel.ts';
import type { CommandContext } from './commandContext.ts';
import type { ProposedWrite, WriteDetails } from './proposedWrite.ts';
import type { ApprovalOptions } from './useApproval.ts';

/** What a command that asks takes. */
export interface ConsentOptions extends ApprovalOptions {
  readonly yes?: boolean;
  /** The very command made the database: as long as it is protected as it was made, its writes are what was asked for. */
  readonly isOwnDatabase?: boolean;
}

/** What `--yes` does, for the help of commands that write a database. */
export const yesText = 'confirm without asking, if the protection of the database allows it';

/**
 * Asks before a change that no database's protection covers. Throws `CancelledError` where the person does not agree,
 * and `needs-consent`, with the question, where nobody can be asked.
 */
export async function askConsent(
  question: string,
  { yes = false }: ConsentOptions,
  { confirm }: Pick<CommandContext, 'confirm'>,
): Promise<void> {
  if (yes) return;
  if (confirm === null) throw needsYes(question);
  if (!(await confirm(question))) throw new CancelledError('The command');
}

/** Who requests the change a command makes: an agent, a person at a terminal, or a script. */
export function requesterOf({
  agent,
  confirm,
}: Pick<CommandContext, 'agent' | 'confirm'>): Extract<Requester, 'terminal' | 'agent' | 'script'> {
  if (agent !== null) return 'agent';
  return confirm === null ? 'script' : 'terminal';
}

/**
 * Gets the consent that the protection of a database wants before it is written. Throws `CancelledError` where a person says
 * no, `needs-consent`, with the question, where `--yes` is missing and nobody can be asked, `needs-approval` where only a
 * human can agree and none is there, and `protected`.
 */
export async function requireConsent(
  write: ProposedWrite,
  options: ConsentOptions,
  context: CommandContext,
): Promise<void> {
  const { yes = false, isOwnDatabase = false } = options;
  const { operation, database } = write;
  const { level } = database;
  if (context.approving !== null) {
    const details = await write.details();
    if (details === null) throw writesNothing();
    return context.approving(write, details);
  }
  if (context.isTool === true) {
    const details = await write.details();
    if (details !== null) await obtain('approval', { write, details, options }, context);
    return;
  }
  if (isOwnDatabase && !isStricter(level, defaultLevels.seed)) return;
  const given: Consent = yes ? 'yes' : 'none';
  const request = { level, operation, requester: requesterOf(context), consent: given } as const;
  if (requirementOf({ ...request, isBulk: true }) === 'nothing') return;
  const details = await write.details();
  if (details === null) return;
  const isBulk = isBulkChange(operation, details.rows);
  await obtain(requirementOf({ ...request, isBulk }), { write, details, options }, context);
}

async function obtain(
  required: Requirement,
  { write, details, options }: AskedWrite,
  context: CommandContext,
): Promise<void> {
  const { question } = details;
  switch (required) {
    case 'nothing':
      return;
    case 'yes':
      return askConsent(question, {}, context);
    case 'name':
      // Whoever is a human has a terminal, see `requesterOf`.
      if (context.askLine === null) throw needsYes(question);
      await requireName(question, write, context.askLine);
      return;
    case 'approval':
      await (await import('./useApproval.ts')).useApproval(write, details, options, context);
      return;
    case 'refused':
      throw write.operation === 'lower-level'
        ? loweringRefused(write.path)
        : readOnlyRefused(writeNames()[write.operation], write.path);
  }
}

interface AskedWrite {
  readonly write: ProposedWrite;
  readonly details: WriteDetails;
  readonly options: ConsentOptions;
}

/** Asks for the name of a database; throws `needs-consent` where another is typed, `CancelledError` for none. */
export async function requireName(
  question: string,
  { path, database: { level } }: Pick<ProposedWrite, 'path' | 'database'>,
  askLine: (question: string) => Promise<string>,
): Promise<void> {
  const name = basename(path);
  const typed = await askLine(
    `${question} Protection: ${levelNames()[level]}. Type the name of the database (${name}) to confirm:`,
  );
  if (typed.trim() === name) return;
  if (typed.trim() === '') throw new CancelledError('The command');
  throw new UserFacingError(
    'needs-consent',
    `Nothing was changed: what you typed is not the name of the database (${name}).`,
    'Check that it is the database you mean, then run the command again.',
  );
}

function writesNothing(): UserFacingError {
  return new UserFacingError('invalid-argument', 'The command would write nothing.', 'Look at what it says.');
}

function needsYes(question: string): UserFacingError {
  return new UserFacingError(
    'needs-consent',
    `A confirmation needs a terminal: ${question}`,
    'Pass --yes to confirm.',
  );
}
