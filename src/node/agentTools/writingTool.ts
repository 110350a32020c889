import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type * as z from 'zod';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { sourceChangeText } from '../../core/identity/confirmedSources.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import type { Operation } from '../../core/identity/operation.ts';
import { requireWritable } from '../../core/identity/requireWritable.ts';
import { ConfirmedSourceFile, confirmSourcesStep } from '../identity/confirmedSourceFile.ts';
import { DatabaseGuard } from '../identity/databaseGuard.ts';
import { currentTranslations } from '../../core/text/l10n.ts';
import { collectDatabaseSources } from '../maintenance/collectDatabaseSources.ts';
import { sha256Hex } from '../system/systemPorts.ts';
import { inEnglish } from '../system/translations.ts';
import {
  databaseHead,
  failed,
  invalidInput,
  noDatabase,
  schemaOf,
  type AgentTool,
  type ToolCall,
  type ToolWorld,
  type ToolWrites,
  type WriteProposal,
} from './agentTool.ts';
import { answerText, type ToolAnswer } from './answerText.ts';

/** A tool that changes the selected database, where a human agreed to just that change. */
export interface WritingTool extends AgentTool {
  /** Whether it changes what is there, and does not only add to it. */
  readonly isDestructive: boolean;
  /** Whether a second call changes nothing more. */
  readonly isIdempotent: boolean;
  /** Whether it reaches beyond this machine, as to a model that is asked. */
  readonly isOpenWorld: boolean;
  /**
   * What a call would do now, told in the language of people. Changes nothing; throws what the call would answer as its
   * error, and `changed` where it changes at this moment.
   */
  readonly propose: (input: unknown, call: Omit<ToolCall, 'path' | 'startedAt'>) => Promise<WriteProposal>;
}

/** What a tool worked out, and does once a human agreed. */
export interface PreparedWrite extends Pick<WriteProposal, 'question' | 'plan' | 'rows' | 'params'> {
  /** The options of the command, besides `--database`. */
  readonly options: readonly string[];
  /** Beside `params`, what makes it another write: revisions of rows. */
  readonly basis?: unknown;
  readonly apply: (
    expected: WriteExpectation,
    world: WritingWorld,
    call: Pick<WriteProposal, 'command'> & Pick<ToolCall, 'signal'>,
  ) => Promise<ToolAnswer>;
}

/** The world of a write that was agreed to. */
export interface WritingWorld
  extends Pick<ToolWorld, 'clock' | 'reader'>, Pick<ToolWrites, 'writer' | 'author' | 'drain'> {
  /** Where pins and backups are kept; absolute. */
  readonly workspaceFolder: string;
}

/** A write as it would be done now. */
interface WorkedOut {
  readonly proposal: WriteProposal;
  /** All of the proposal that is the same in every language. */
  readonly facts: string;
  readonly prepared: PreparedWrite;
  readonly folder: string;
}

interface WritingToolDefinition<Input extends z.ZodType> extends Pick<
  WritingTool,
  'name' | 'title' | 'description' | 'isDestructive' | 'isIdempotent' | 'isOpenWorld'
> {
  readonly input: Input;
  readonly operation: Operation;
  /** The name of the command that does the same. */
  readonly command: string;
  /** Throws `not-found` where there is nothing to do. */
  readonly prepare: (input: z.output<Input>, call: ToolCall) => Promise<PreparedWrite>;
}

/** Makes a tool that writes. What it does is worked out again with each call, and is done only as a human agreed to it. */
export function defineWritingTool<Input extends z.ZodType>(
  definition: WritingToolDefinition<Input>,
): WritingTool {
  const { name, title, description, isDestructive, isIdempotent, isOpenWorld, input, operation } = definition;
  type Call = Omit<ToolCall, 'path' | 'startedAt'>;
  async function workOut(given: unknown, call: Call): Promise<WorkedOut> {
    const { world, signal } = call;
    const path = world.databasePath();
    if (path === null) throw noDatabase(world.howToSelect);
    const folder = world.guardFolder(path);
    if (folder === null) throw untrusted();
    const parsed = input.safeParse(given ?? {});
    if (!parsed.success) throw invalidInput(parsed.error);
    await refuseChangedSources(path, folder, world);
    const { fingerprint, verdict, pinsProblem } = await guardIn(folder, world).inspect(path, signal);
    if (pinsProblem !== null) throw pinsProblem;
    const expected = requireWritable(fingerprint, operation, verdict);
    const prepared = await definition.prepare(parsed.data, { ...call, path, startedAt: performance.now() });
    const { question, plan, rows, params, options, basis = null } = prepared;
    // With what the URL asks of the connection, as sslmode.
    const named = isPostgresPath(path) ? path : fingerprint.path;
    const command = [definition.command, '--database', named, ...options];
    const done = { operation, path: fingerprint.path, expected, rows, params, command };
    const facts = JSON.stringify([done, basis]);
    const digest = sha256Hex(JSON.stringify([question, plan, facts]));
    return { proposal: { ...done, question, plan, digest }, facts, prepared, folder };
  }
  // The call itself is in English, and so is what its consent is compared with.
  async function propose(given: unknown, call: Call): Promise<WriteProposal> {
    const english = await inEnglish(() => workOut(given, call));
    if (currentTranslations() === null) return english.proposal;
    const shown = await workOut(given, call);
    if (shown.facts !== english.facts) throw changedMeanwhile(shown.proposal.path);
    return { ...shown.proposal, digest: english.proposal.digest };
  }
  return {
    name,
    title,
    description,
    isDestructive,
    isIdempotent,
    isOpenWorld,
    inputSchema: schemaOf(input),
    propose,
    async call(given, call) {
      const { world, signal } = call;
      const path = world.databasePath();
      let head: object = { database: path === null ? null : { path } };
      try {
        if (path !== null) head = { database: await databaseHead(path, world.reader, signal) };
        if (world.writes === null) throw noWrites();
        const { writer, author, drain, requireHuman } = world.writes;
        const { proposal, prepared, folder } = await workOut(given, call);
        await requireHuman(proposal, signal);
        const expected = await guardIn(folder, world).authorise(proposal.path, operation, {}, signal);
        refuseOther(expected, proposal);
        const { clock, reader } = world;
        const done = await prepared.apply(
          expected,
          { clock, reader, writer, author, drain, workspaceFolder: folder },
          { signal, command: proposal.command },
        );
        return { text: answerText({ ...head, ...done.facts }, done.lists), isError: false };
      } catch (error) {
        if (error instanceof CancelledError || signal.aborted) throw error;
        return failed(head, error);
      }
    },
  };
}

function guardIn(workspaceFolder: string, { reader, clock, writes }: ToolWorld): DatabaseGuard {
  const author = writes === null ? {} : { author: writes.author };
  return new DatabaseGuard({ reader, clock, workspaceFolder, ...author });
}

/** What names a database here and changed is confirmed by a human first; an agent cannot be asked. */
async function refuseChangedSources(path: string, folder: string, world: ToolWorld): Promise<void> {
  const { environment } = world;
  const { seesSettings, ...elsewhere } = world.namedElsewhere();
  const folders = world.workspaceFolders();
  const sources = await collectDatabaseSources({ folders, environment, selection: path, ...elsewhere });
  const { changes } = await new ConfirmedSourceFile(folder).compare({ sources, environment, seesSettings });
  if (changes.length === 0) return;
  throw new UserFacingError(
    'needs-consent',
    changes.map(sourceChangeText).join(' '),
    confirmSourcesStep(folder, path),
  );
}

/** Between the agreement and this moment, another file may have come under that name. */
function refuseOther(expected: WriteExpectation, { path, expected: agreed }: WriteProposal): void {
  const { id, role, level, fileId } = expected;
  if (id === agreed.id && role === agreed.role && level === agreed.level && fileId === agreed.fileId) return;
  throw new UserFacingError(
    'changed',
    `Nothing was written: ${path} is no longer what was agreed to.`,
    'Call the tool again: a person is asked again.',
  );
}

function changedMeanwhile(path: string): UserFacingError {
  return new UserFacingError(
    'changed',
    `${path} changed while it was looked at.`,
    'Call the tool again: a person is asked then.',
  );
}

function untrusted(): UserFacingError {
  return new UserFacingError(
    'untrusted-workspace',
    'Nothing is written in a workspace that is not trusted, or to a file that is not on this machine.',
    'Ask a person to trust the workspace.',
  );
}

function noWrites(): UserFacingError {
  return new UserFacingError('unsupported', 'Nothing is written here.', 'Ask a person to do it.');
}
