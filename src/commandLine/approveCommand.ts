import { randomBytes, randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import {
  approvalDigest,
  approvalMinutes,
  grantApprovalOperation,
  mostApprovalDays,
  type Approval,
} from '../core/identity/approvals.ts';
import { levelOf } from '../core/identity/identityTable.ts';
import { readOnlyRefused, writeNames, type ProtectedOperation } from '../core/identity/protection.ts';
import { requireAdopted } from '../core/identity/requireWritable.ts';
import { levelNames } from '../core/model/protectionLevel.ts';
import { counted } from '../core/text/quantities.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import { ApprovalRequests, type ApprovalRequest } from '../node/identity/approvalRequests.ts';
import { sha256Hex } from '../node/system/systemPorts.ts';
import { positiveInteger, positiveNumber } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { requireName, requesterOf } from './consent.ts';
import { databaseOption, databaseTarget, workspaceFolderOf, type DatabaseOptions } from './databaseOption.ts';
import { nativeShell } from './guardOptions.ts';
import { isoTime } from './listOptions.ts';
import { planApproval, type PlannedApproval } from './planApproval.ts';
import { textLines } from './textLayout.ts';

interface ApproveOptions extends DatabaseOptions {
  readonly workspace?: string;
  readonly minutes: number;
  readonly dryRun?: boolean;
  readonly forCi?: boolean;
  readonly operation?: ProtectedOperation;
  readonly rows?: number;
  readonly days: number;
}

/** What can be approved for CI: what a job does again and again. */
const ciOperations: readonly ProtectedOperation[] = [
  ...(['seed', 'drain', 'requeue', 'mark-stale', 'delete-run', 'canary'] as const),
];

const approveHelp = `
Without a request the one that waits is taken; after "--", a command is approved before it is refused. What it would do is
worked out anew and shown, and the name of the database is typed. The approval lies in the database itself and holds for
that command, those rows and that file, once. Only a person approves, at a terminal or in VS Code; a terminal that a known
agent or CI opened is none. A program that writes the file itself needs no approval: the journal shows what did.

For CI, a person makes a token beforehand, which holds for an operation, a number of rows in all, and some days:
  autopack-hygiene approve --for-ci --operation requeue --rows 200 --days 30 --database <path>
  autopack-hygiene requeue --all --database <path> --expect-id <id> --approval <token>`;

/** `approve`: a human lets a refused command go ahead, once, or gives CI a token. */
export function addApproveCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('approve')
    .description('Approve a command that was refused because a person must agree to it.')
    .argument('[request...]', 'the id of a request that waits, or after "--" a command')
    .option('--workspace <folder>', 'where the command was refused; by default the current folder')
    .option(
      '--minutes <n>',
      `how long the approval holds, at most ${approvalMinutes.most}`,
      atMost(positiveNumber, approvalMinutes.most),
      approvalMinutes.usual,
    )
    .option('--dry-run', 'show what waits, or what a command would do, and approve nothing')
    .addOption(databaseOption())
    .option('--for-ci', 'make a token for CI instead')
    .addOption(new Option('--operation <name>', 'what the token is for').choices([...ciOperations]))
    .option('--rows <n>', 'how many rows may be changed with it in all', positiveInteger)
    .option(
      '--days <n>',
      `how long it holds, at most ${mostApprovalDays}`,
      atMost(positiveNumber, mostApprovalDays),
      30,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', approveHelp)
    .action((words: readonly string[], options: ApproveOptions) =>
      report(options, approve(words, options, context)),
    );
}

function atMost(parse: (text: string) => number, most: number): (text: string) => number {
  return (text) => {
    const value = parse(text);
    if (value <= most) return value;
    throw new InvalidArgumentError(`Give at most ${most}.`);
  };
}

async function approve(
  words: readonly string[],
  options: ApproveOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.forCi === true) return approveForCi(options, context);
  const folder = workspaceFolderOf(options, context);
  const requests = new ApprovalRequests(folder);
  const [first = ''] = words;
  const isCommand = words.length > 1 || (words.length === 1 && !/^[0-9a-f]{6}$/.test(first));
  const waiting = isCommand ? [] : await requests.waiting(context.clock.now());
  if (!isCommand && words.length === 0 && (options.dryRun === true || waiting.length !== 1)) {
    return listed(waiting, folder, options);
  }
  const request = isCommand ? null : wantedRequest(waiting, first, folder);
  const command = { args: request?.args ?? words, cwd: request?.cwd ?? context.cwd };
  const planned = await planApproval(command, context);
  const shown = approvalText(command.args, planned);
  if (options.dryRun === true) {
    const json = { ...planned, write: undefined, digest: approvalDigest(planned.write, sha256Hex) };
    return { exitCode: exitCodes.good, json: { ...json, ...planned.write }, text: textLines(shown) };
  }
  const { write, level } = planned;
  const askLine = requirePerson(context);
  context.stderr(`${textLines(shown)}\n`);
  await requireName('Approve it?', { path: write.path, database: planned.target }, askLine);
  const { minutes } = options;
  const approvedAt = context.clock.now();
  const approval: Approval = {
    id: randomUUID(),
    operation: write.operation,
    digest: approvalDigest(write, sha256Hex),
    databaseId: write.databaseId,
    file: { path: write.path, fileId: write.fileId },
    rows: Math.max(write.rows, 1),
    approvedAt,
    expiresAt: approvedAt + minutes * 60_000,
  };
  await grant(write.path, write.fileId, approval, context);
  if (request !== null) await requests.remove(request.id, approvedAt);
  const again = shellCommand(['autopack-hygiene', ...command.args], nativeShell);
  return {
    exitCode: exitCodes.good,
    json: { approved: approval.id, path: write.path, level, expiresAt: isoTime(approval.expiresAt) },
    text: `Approved, once, for ${counted(minutes, 'minute')}. Next: ${again}`,
  };
}

function approvalText(
  args: readonly string[],
  { question, write, target }: Pick<PlannedApproval, 'question' | 'write' | 'target'>,
): string[] {
  return [
    `Command: ${shellCommand(['autopack-hygiene', ...args], nativeShell)}`,
    `What it would do: ${question}`,
    `Database: ${write.path}`,
    `Id: ${write.databaseId ?? 'none, not adopted'}`,
    `Protection: ${levelNames()[target.level]}`,
    `Rows: ${write.rows}`,
  ];
}

async function grant(
  path: string,
  fileId: string,
  approval: Approval,
  { writer, signal }: CommandContext,
): Promise<void> {
  await writer.perform(path, grantApprovalOperation, approval, signal, { fileId });
}

/** Throws `protected` unless a human is at the terminal. */
function requirePerson(context: CommandContext): (question: string) => Promise<string> {
  if (requesterOf(context) === 'terminal' && context.askLine !== null) return context.askLine;
  throw new UserFacingError(
    'protected',
    'Only a person approves, and this command was not started by one at a terminal.',
    'Ask a person to run it at a terminal of their own, or "Autopack: Approve Command…" in VS Code.',
  );
}

function wantedRequest(waiting: readonly ApprovalRequest[], id: string, folder: string): ApprovalRequest {
  const found = id === '' ? waiting[0] : waiting.find((request) => request.id === id);
  if (found !== undefined) return found;
  throw new UserFacingError(
    'not-found',
    `No request ${id} waits in ${folder}.`,
    'List those that wait with approve --dry-run, or run the command again.',
  );
}

function listed(
  waiting: readonly ApprovalRequest[],
  folder: string,
  { dryRun = false }: ApproveOptions,
): CommandResult {
  const rows = waiting.map(
    ({ id, args, by }) =>
      `${id}  ${shellCommand(['autopack-hygiene', ...args], nativeShell)}${by === null ? '' : ` (${by})`}`,
  );
  const text =
    waiting.length === 0
      ? [`No command waits for an approval in ${folder}.`]
      : ['Commands that wait for an approval; name one:', ...rows];
  const exitCode = dryRun || waiting.length === 0 ? exitCodes.good : exitCodes.refused;
  return { exitCode, json: { waiting }, text: textLines(text) };
}

async function approveForCi(options: ApproveOptions, context: CommandContext): Promise<CommandResult> {
  const { operation, rows, days } = options;
  if (operation === undefined || rows === undefined) {
    throw new UserFacingError(
      'invalid-argument',
      'A token for CI is bounded.',
      'Give --operation and --rows, and --days where 30 are too many.',
    );
  }
  const askLine = requirePerson(context);
  const { path } = databaseTarget(options, context);
  const { value: found } = await context.reader.request(
    path,
    'databaseFingerprint',
    { runIds: [] },
    context.signal,
  );
  const { id } = requireAdopted(found, 'Approving');
  const level = levelOf(found);
  if (level === 'read-only') throw readOnlyRefused(writeNames()[operation], path);
  const question = `Approve ${operation} of ${basename(path)} (${id}) for CI, for ${counted(rows, 'row')} in all, during ${counted(days, 'day')}?`;
  await requireName(question, { path, database: { ...found, level } }, askLine);
  const token = `aph_${randomBytes(24).toString('base64url')}`;
  const approvedAt = context.clock.now();
  const expiresAt = approvedAt + days * 24 * 3_600_000;
  const bound = { operation, databaseId: id, file: null, rows, approvedAt, expiresAt };
  await grant(found.path, found.fileId, { id: randomUUID(), digest: sha256Hex(token), ...bound }, context);
  return {
    exitCode: exitCodes.good,
    json: { token, expectId: id, operation, rows, expiresAt: isoTime(expiresAt) },
    text: textLines([
      `Token: ${token}`,
      'It is shown this once; keep it as a secret of CI.',
      `Use it with: --expect-id ${id} --approval <token>`,
    ]),
  };
}
