import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { UserFacingError } from '../core/errors.ts';
import { approvalDigest, useApprovalOperation, type ApprovableWrite } from '../core/identity/approvals.ts';
import { writeNames } from '../core/identity/protection.ts';
import { levelNames } from '../core/model/protectionLevel.ts';
import { maskSecrets } from '../core/text/maskSecrets.ts';
import { counted } from '../core/text/quantities.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import { ApprovalRequests } from '../node/identity/approvalRequests.ts';
import { realPathOf } from '../node/system/realPath.ts';
import { sha256Hex } from '../node/system/systemPorts.ts';
import type { CommandContext } from './commandContext.ts';
import { nativeShell } from './guardOptions.ts';
import type { ProposedWrite, WriteDetails } from './proposedWrite.ts';

/** What a command takes that may need an approval. */
export interface ApprovalOptions {
  /** A token for CI, which holds only together with the id of the database. */
  readonly approval?: string;
  readonly expectId?: string;
}

/** What an approval of a write is bound to; `null` where there is no file that could keep one. */
export async function approvableWrite(
  { operation, path, database }: ProposedWrite,
  { rows, params }: WriteDetails,
): Promise<ApprovableWrite | null> {
  const { id: databaseId, fileId } = database;
  if (fileId === null) return null;
  return { operation, databaseId, path: await realPathOf(path), fileId, rows, params };
}

/**
 * Uses up the approval of a write that a human gave before, or a part of one for CI. Throws `needs-approval`, with what a
 * human must do, where there is none that holds; then the command waits to be approved.
 */
export async function useApproval(
  write: ProposedWrite,
  details: WriteDetails,
  { approval: token, expectId }: ApprovalOptions,
  context: CommandContext,
): Promise<void> {
  if (token !== undefined && expectId === undefined) throw withoutId();
  const wanted = await approvableWrite(write, details);
  if (wanted === null) throw await refusal(write, details, context, null);
  const { operation, databaseId, path, fileId, rows } = wanted;
  const use = {
    ...{ operation, databaseId, path, fileId, rows },
    digest: token === undefined ? approvalDigest(wanted, sha256Hex) : sha256Hex(token),
    isToken: token !== undefined,
    now: context.clock.now(),
  };
  const { writer, signal } = context;
  const answer = await writer.perform(path, useApprovalOperation, use, signal, { fileId });
  if (answer.isUsed) return;
  const what = token === undefined ? 'The approval' : 'The token';
  const none = token === undefined ? null : 'The token is not for this database.';
  const problem = answer.problem === null ? none : `${what} ${answer.problem}.`;
  throw await refusal(write, details, context, problem);
}

function withoutId(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'An approval token holds only together with the id of the database.',
    'Pass --expect-id <id>, too.',
  );
}

/** Says what must be done, and has the command wait for it. */
async function refusal(
  { operation, path, database }: ProposedWrite,
  { rows }: WriteDetails,
  context: CommandContext,
  problem: string | null,
): Promise<UserFacingError> {
  const { level, id } = database;
  const isTool = context.isTool === true;
  const why = problem === null ? '' : ` ${problem}`;
  const what = id === null ? '' : ` It would change ${counted(rows, 'row')} of the database ${id}.`;
  return new UserFacingError(
    'needs-approval',
    `${writeNames()[operation]} is refused: ${path} is protected (${levelNames()[level]}), and ${isTool ? 'no person can be asked over MCP' : `${startedBy(context)}. --yes is not enough`}.${what}${why}`,
    `Ask a person to approve it: at a terminal of their own with ${await approveCommand(path, context)}, or in VS Code with "Autopack: Approve Command…". Then ${isTool ? 'call the tool' : 'run the same command'} again.`,
  );
}

/** The command with which a human approves this one, which then waits under an id of its own. */
async function approveCommand(path: string, context: CommandContext): Promise<string> {
  const { args, clock, agent } = context;
  const cwd = resolve(context.cwd);
  // A token is secret, and was given instead of the approval that is asked for now.
  const own = args.filter((arg, at) => !/^--approval(?:=|$)/.test(arg) && args[at - 1] !== '--approval');
  const named = own.some((arg) => arg === '--database' || arg.startsWith('--database='));
  const whole = named ? own : [...own, '--database', path];
  const inFull = shellCommand(['autopack-hygiene', 'approve', '--', ...whole], nativeShell);
  // Nothing secret is kept, and what is left out would be another command.
  if (whole.some((arg) => maskSecrets(arg) !== arg)) return inFull;
  const start = { id: randomBytes(3).toString('hex'), by: agent?.name ?? null };
  const request = { ...start, at: clock.now(), args: [...whole], cwd, databasePath: path };
  let id: string;
  try {
    id = await new ApprovalRequests(cwd).add(request);
  } catch {
    return inFull;
  }
  return shellCommand(['autopack-hygiene', 'approve', '--workspace', cwd, id], nativeShell);
}

/** Who started a command, where it was no human at a terminal, as a part of a sentence. */
function startedBy({ agent }: CommandContext): string {
  if (agent === null) return 'no person is at a terminal';
  const how = agent.sign.startsWith('/') ? `${agent.sign} is there` : `${agent.sign} is set`;
  return `this command was started by ${agent.name} (${how})`;
}
