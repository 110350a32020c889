import * as z from 'zod';
import { CancelledError, resourceError, serializeError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';
import type { Operation } from '../../core/identity/operation.ts';
import type { DatabaseRole, RoleSource } from '../../core/model/databaseFacts.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { ProtectionLevel } from '../../core/model/protectionLevel.ts';
import type { ClockPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { DescribedExecutor } from '../drain/executors.ts';
import type { LookedAtSources } from '../identity/confirmedSourceFile.ts';
import type { SourcePlaces } from '../maintenance/collectDatabaseSources.ts';
import { answerText, type ToolAnswer } from './answerText.ts';
import type { ContentCounts } from './contentCounts.ts';
import type { ServerChecks } from './serverChecks.ts';

/** The world as a tool sees it: the editor and the command line make one each. */
export interface ToolWorld {
  readonly reader: DatabaseReader;
  /** What counts rows, beside the reader, so that nothing waits behind it. */
  readonly counts: ContentCounts;
  readonly clock: ClockPort;
  /** The database that a human selected, absolute; `null` where none did. A tool never selects one. */
  readonly databasePath: () => string | null;
  /** How a human selects a database here, in one sentence. */
  readonly howToSelect: string;
  /** Where sessions and pins lie, absolute; the first is the repository root. */
  readonly workspaceFolders: () => readonly string[];
  /** Where the pins of a database (absolute path) are kept, absolute; `null` where its folder is not trusted. */
  readonly guardFolder: (path: string) => string | null;
  /** What names a database here besides files and the environment: settings and new terminals of an editor. */
  readonly namedElsewhere: () => Pick<SourcePlaces, 'others' | 'dotenvFiles'> &
    Pick<LookedAtSources, 'seesSettings'>;
  /** API servers that should have the selected database, and the key that one is asked with, by its address. */
  readonly apiUrls: () => readonly string[];
  readonly apiKeyFor: (address: string) => Promise<string | undefined>;
  /** What asks them, so that no tool waits for one that does not answer. */
  readonly servers: ServerChecks;
  /** Variables that may name a database. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How agents may write here; `null` where they may not at all. */
  readonly writes: ToolWrites | null;
  /** What a drain would be executed with. Fails as choosing an executor does. */
  readonly executorFor: (workspaceFolder: string) => Promise<DescribedExecutor>;
}

/** How a face lets agents write. */
export interface ToolWrites {
  readonly writer: DatabaseWriterPort;
  /** Who is named in the journal. */
  readonly author: JournalAuthor;
  /**
   * Makes sure that a human agreed to just that write, once. Throws `needs-consent` or `needs-approval`, with what they must
   * do, `protected`, and `changed` where what they agreed to is no longer what would be done.
   */
  readonly requireHuman: (proposal: WriteProposal, signal: AbortSignal) => Promise<void>;
  /** Drains phases that a human agreed to, or has them asked again; tells what came of it. */
  readonly drain: (drain: AgreedDrain, signal: AbortSignal) => Promise<Record<string, unknown>>;
}

/** A drain that a human agreed to. */
export interface AgreedDrain {
  readonly phases: readonly PhaseKey[];
  /** The same as a command, without the program's own name. */
  readonly command: readonly string[];
}

/** A write that an agent wants, as it would be done now: what a human is shown, and what their consent holds for. */
export interface WriteProposal {
  readonly operation: Operation;
  /** Absolute and real. */
  readonly path: string;
  /** Which database it is, and how protected. */
  readonly expected: WriteExpectation;
  /** In words of the language of people, ending with a question mark or what follows that. */
  readonly question: string;
  /** What exactly would be done, a line each. */
  readonly plan: readonly string[];
  /** How many rows it changes of what it is about: phases, runs. */
  readonly rows: number;
  /** What is done to which rows, as JSON: the same as of the command. */
  readonly params: unknown;
  /** The same as a command, without the program's own name; it names the database. */
  readonly command: readonly string[];
  /** Differs as soon as anything of all that does, the state of each row included; the same in every language. */
  readonly digest: string;
}

/** What a tool is called with, besides its input. */
export interface ToolCall {
  readonly world: ToolWorld;
  /** Absolute: the selection at the time of the call, which the whole answer is about. */
  readonly path: string;
  /** When the call came, by `performance.now()`. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
  /** Says what is being done, for work that takes long. */
  readonly progress: (what: string) => void;
}

/** A tool that an agent can call. One that writes is a `WritingTool`. */
export interface AgentTool {
  /** The same in both faces; `autopack_` and what it tells. */
  readonly name: string;
  readonly title: string;
  /** What a model chooses by. */
  readonly description: string;
  /** Of the input, as JSON Schema. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Resolves to the answer also where there is none but an error. Rejects only when cancelled. */
  readonly call: (input: unknown, call: Omit<ToolCall, 'path' | 'startedAt'>) => Promise<ToolResult>;
}

/** The answer to a call: one JSON object, bounded as {@link answerText} says. */
export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

/** What a tool is made of. */
interface ToolDefinition<Input extends z.ZodType> extends Pick<AgentTool, 'name' | 'title' | 'description'> {
  readonly input: Input;
  readonly answer: (input: z.output<Input>, call: ToolCall) => Promise<ToolAnswer>;
}

/** Makes a tool whose answers all begin with the identity of the database. */
export function defineTool<Input extends z.ZodType>(definition: ToolDefinition<Input>): AgentTool {
  const { name, title, description, input, answer } = definition;
  return {
    name,
    title,
    description,
    inputSchema: schemaOf(input),
    async call(given, { world, signal, progress }) {
      const startedAt = performance.now();
      const path = world.databasePath();
      if (path === null) return failed({ database: null }, noDatabase(world.howToSelect));
      let database: object = { path };
      try {
        database = await databaseHead(path, world.reader, signal);
        const parsed = input.safeParse(given ?? {});
        if (!parsed.success) return failed({ database }, invalidInput(parsed.error));
        const found = await answer(parsed.data, { world, path, startedAt, signal, progress });
        return { text: answerText({ database, ...found.facts }, found.lists), isError: false };
      } catch (error) {
        if (error instanceof CancelledError || signal.aborted) throw error;
        return failed({ database }, error);
      }
    },
  };
}

/** The JSON Schema of an input. */
export function schemaOf(input: z.ZodType): AgentTool['inputSchema'] {
  const schema = Object.entries(z.toJSONSchema(input, { io: 'input' }));
  // Which draft it is goes without saying in both faces.
  return Object.fromEntries(schema.filter(([key]) => key !== '$schema'));
}

/** Which database an answer is about. */
interface DatabaseHead {
  readonly path: string;
  /** Of the identity table; `null` in a database that was not adopted. */
  readonly id: string | null;
  readonly role: DatabaseRole;
  readonly roleSource: RoleSource;
  /** What it takes to write it; `null` in a database that was not adopted, and cannot be written. */
  readonly protection: ProtectionLevel | null;
  /** Where it is `false`, nothing else in an answer means anything. */
  readonly isAutopack: boolean;
}

/** What every answer begins with; fails where the database cannot be read. */
export async function databaseHead(
  path: string,
  reader: DatabaseReader,
  signal: AbortSignal,
): Promise<DatabaseHead> {
  const { value } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
  const { id, role, roleSource, level, isAutopack } = value;
  return { path: value.path, id, role, roleSource, protection: level, isAutopack };
}

/** The refusal where no database is selected. */
export function noDatabase(howToSelect: string): UserFacingError {
  return new UserFacingError(
    'no-database',
    'No database is selected.',
    `${howToSelect} Only a human selects a database: ask for it, and do not guess one.`,
  );
}

/** The refusal of an input that is none. */
export function invalidInput(error: z.ZodError): UserFacingError {
  const [first] = error.issues;
  const where = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  return new UserFacingError(
    'invalid-argument',
    `The input does not match the schema: ${where}${first?.message ?? 'invalid'}.`,
    'Call the tool again with an input of its schema.',
  );
}

/** The answer of a call that failed; `head` says of which database. */
export function failed(head: object, thrown: unknown): ToolResult {
  const { code, message, nextStep } = serializeError(resourceError(thrown) ?? thrown);
  return { text: answerText({ ...head, error: { code, message, nextStep } }), isError: true };
}
