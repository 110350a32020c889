import type { DatabaseWriterPort } from '../core/db/databasePorts.ts';
import { deserializeError, UserFacingError } from '../core/errors.ts';
import type { ApprovableWrite } from '../core/identity/approvals.ts';
import { isBulkChange, readOnlyRefused, requirementOf, writeNames } from '../core/identity/protection.ts';
import type { ProtectionLevel } from '../core/model/protectionLevel.ts';
import { printedError } from '../protocol/serializedError.ts';
import type { CommandContext } from './commandContext.ts';
import { approvableWrite } from './useApproval.ts';
import type { ProposedWrite, WriteDetails, WriteTarget } from './proposedWrite.ts';
import { runForJson } from './runForJson.ts';

/** A command to be approved. `cwd` is absolute. */
export interface CommandToApprove {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly cwd: string;
}

/** What a command would do, as the program itself works it out. */
export interface PlannedApproval {
  readonly question: string;
  readonly write: ApprovableWrite;
  readonly target: WriteTarget;
  readonly level: ProtectionLevel;
}

/** Commands whose writes can be approved; others write no database that is there, or only raise its protection. */
const approvable: ReadonlySet<string> = new Set([
  ...[
    'seed',
    'drain',
    'requeue',
    'delete-run',
    'stale',
    'adopt',
    'restore',
    'quickstart',
    'doctor',
    'journal',
  ],
]);

/**
 * Runs a command up to what it would write first, and writes nothing: who approves it is shown what the program itself
 * found, whatever a request says. Throws what the command throws, and `invalid-argument` where it needs no approval.
 */
export async function planApproval(
  { args, cwd }: CommandToApprove,
  context: CommandContext,
): Promise<PlannedApproval> {
  const [name = ''] = args;
  if (!approvable.has(name)) throw needsNone(`"${name}" is no command that needs an approval.`);
  const found: { write?: ProposedWrite; details?: WriteDetails } = {};
  const printed = await runForJson(args, context, {
    cwd,
    writer: readOnlyWriter,
    createWriter: () => readOnlyWriter,
    approving: (write, details) => {
      Object.assign(found, { write, details });
      throw new UserFacingError('needs-approval', 'It was only looked at.', 'Approve it.');
    },
  });
  const { write, details } = found;
  if (write === undefined || details === undefined) throw errorOf(printed);
  return judged(write, details);
}

async function judged(write: ProposedWrite, details: WriteDetails): Promise<PlannedApproval> {
  const { operation, path, database: target } = write;
  const { level } = target;
  const isBulk = isBulkChange(operation, details.rows);
  const required = requirementOf({ level, operation, isBulk, requester: 'agent', consent: 'none' });
  if (required === 'refused') throw readOnlyRefused(writeNames()[operation], path);
  // A command may need none at this level, and the same write by a tool of MCP needs one at every level.
  const bound = await approvableWrite(write, details);
  if (bound === null)
    throw needsNone(`There is no ${path} yet: ${writeNames()[operation]} needs no approval.`);
  return { question: details.question, write: bound, target, level };
}

function needsNone(message: string): UserFacingError {
  return new UserFacingError('invalid-argument', message, 'Run the command with --yes.');
}

/** Why a command wrote nothing, by what it printed. */
function errorOf(printed: string): Error {
  try {
    return deserializeError(printedError.parse(JSON.parse(printed)).error);
  } catch {
    return needsNone('The command would write nothing that needs an approval.');
  }
}

const changesNothing = (): Promise<never> =>
  Promise.reject(
    new UserFacingError('invalid-argument', 'The command needs no approval.', 'Run it with --yes.'),
  );

/** Whatever a command tries while it is looked at, nothing is written. */
const readOnlyWriter: DatabaseWriterPort = { perform: changesNothing, create: changesNothing };
