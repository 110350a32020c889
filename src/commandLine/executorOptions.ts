import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { knownVariables } from '../core/drain/knownVariables.ts';
import { UserFacingError } from '../core/errors.ts';
import { serverAddress, type ApiVerdict } from '../core/identity/apiVerdict.ts';
import type { WriteExpectation } from '../core/identity/databaseFingerprint.ts';
import {
  chooseExecutor,
  executorNameFor,
  executorNames,
  type ServerToStart,
} from '../node/drain/chooseExecutor.ts';
import type { DescribedExecutor } from '../node/drain/executors.ts';
import { apiKeyOf } from '../node/identity/apiClient.ts';
import { askApiServer, askWithCanary } from '../node/identity/askApiServer.ts';
import {
  addBuilderOptions,
  builderFrom,
  endpointFrom,
  type BuilderCommandOptions,
} from './builderCommandOptions.ts';
import type { CommandContext } from './commandContext.ts';
import { requireConsent, type ConsentOptions } from './consent.ts';
import { nonEmpty, workspaceFolderOf } from './databaseOption.ts';
import type { WriteDetails } from './proposedWrite.ts';

/** How phases are to be executed, as the command line says it. */
export interface ExecutorOptions extends BuilderCommandOptions {
  readonly executor?: string | undefined;
  readonly python?: string;
  readonly apiUrl?: string;
  readonly workspace?: string;
  /** `NAME=VALUE`. */
  readonly env?: readonly string[];
}

/** The executors of the command line: models of the editor can only be called there. */
export const commandLineExecutors = executorNames.filter((name) => name !== 'vscode');

/** Adds the options that say how phases are executed. */
export function addExecutorOptions(command: Command): Command {
  return addBuilderOptions(command)
    .addOption(
      new Option('--executor <name>', 'what executes a phase; by default what the workspace holds').choices(
        commandLineExecutors,
      ),
    )
    .option('--python <path>', 'the interpreter of the autopack executor')
    .option(
      '--api-url <url>',
      'an API server that the autopack executor reuses; it is asked which database it has',
    )
    .option('--env <name=value...>', 'variables of Autopack to set for its phases; the plan says which');
}

/** What a drain executes phases with. */
export interface ResolvedExecutor {
  readonly executor: DescribedExecutor;
  /** The server that has to have the database; `undefined` where none is used. */
  readonly server: string | undefined;
  /** The key of the model's endpoint, for processes of ours alone; `null` without one. */
  readonly modelKey: string | null;
}

/** Chooses the executor and its server. Throws what {@link chooseExecutor} throws. */
export async function resolveExecutor(
  options: ExecutorOptions,
  context: CommandContext,
): Promise<ResolvedExecutor> {
  const apiUrl = nonEmpty(options.apiUrl) ?? nonEmpty(context.env.AUTOPACK_API_URL);
  const workspaceFolder = workspaceFolderOf(options, context);
  let modelKey: string | null = null;
  const executor = await chooseExecutor({
    name: options.executor,
    workspaceFolder,
    examplePath: context.exampleExecutorPath,
    interpreter: { setting: options.python },
    apiUrl,
    environment: variables(options),
    endpoint: async () => {
      const settings = await endpointFrom(options, workspaceFolder, context);
      modelKey = settings.key?.reveal() ?? null;
      return settings;
    },
    builder: builderFrom(options, context),
  });
  // The environment's server is only of interest to the executor that would use it.
  const isUsed = options.apiUrl !== undefined || executor.name === 'autopack';
  return { executor, server: isUsed ? apiUrl : undefined, modelKey };
}

/** The known variables that were given. */
export function variables({ env = [] }: Pick<ExecutorOptions, 'env'>): Record<string, string> {
  const pairs = env.map((each): [string, string] => {
    const [name = '', ...value] = each.split('=');
    return [name, value.join('=')];
  });
  return knownVariables(Object.fromEntries(pairs));
}

/** What to say of variables that are not set, for a terminal. */
export function offerText(offer: string): string {
  return `${offer} To set it, pass --env ${offer.split(' ')[0] ?? ''}.`;
}

/** How the API server of the autopack executor is to be started on a database; `null` for one that needs none. */
export function serverToStart(
  { description }: DescribedExecutor,
  databasePath: string,
  workspaceFolder: string,
  url: string | undefined,
): ServerToStart | null {
  if (description.name !== 'autopack') return null;
  const { interpreter } = description;
  return { databasePath: resolve(databasePath), workspaceFolder, interpreter, url };
}

/** Whether the executor that is meant runs the first queued phase of a run, be it startable or not. */
export async function runsFirstQueued(options: ExecutorOptions, context: CommandContext): Promise<boolean> {
  return (await executorNameFor(options.executor, workspaceFolderOf(options, context))) === 'autopack';
}

/** What a drain would be executed with, as far as that can be had. */
export interface PlannedExecutor {
  /** `null` where it cannot be chosen. */
  readonly executor: DescribedExecutor | null;
  /** For what a drain would be refused before it began; `null` where nothing speaks against it. */
  readonly problem: UserFacingError | null;
}

/** Looks for the executor and the server of a drain that is only planned. Writes nothing. */
export async function planExecutor(
  databasePath: string,
  options: ExecutorOptions,
  context: CommandContext,
): Promise<PlannedExecutor> {
  let executor: DescribedExecutor | null = null;
  try {
    const resolved = await resolveExecutor(options, context);
    ({ executor } = resolved);
    const { server: url } = resolved;
    if (url === undefined) return { executor, problem: null };
    const folders = [workspaceFolderOf(options, context)];
    const verdict = await askApiServer(
      { url, databasePath, folders, reader: context.reader, apiKey: await apiKeyOf(context.env) },
      context.signal,
    );
    // Where it does not tell, the drain asks it with a canary run.
    const isOpen = verdict.verdict === 'unknown' && verdict.isReachable && verdict.isRefusing !== true;
    const isRight = verdict.verdict === 'same' || isOpen;
    return { executor, problem: isRight ? null : otherServer(url, databasePath, verdict) };
  } catch (error) {
    if (error instanceof UserFacingError && error.code !== 'cancelled') return { executor, problem: error };
    throw error;
  }
}

/** A server that is to be used with a database. Paths and folders are absolute. */
export interface ServerInUse {
  readonly url: string;
  readonly databasePath: string;
  readonly folders: readonly string[];
  readonly expected: WriteExpectation;
}

/**
 * Lets a server be used only if it has the selected database. Where asking does not tell, a canary run does, with
 * consent. Throws `other-server` where it has another database or it stays unknown.
 */
export async function requireSameServer(
  { url, databasePath, folders, expected }: ServerInUse,
  options: ConsentOptions,
  context: CommandContext,
): Promise<void> {
  const { reader, writer, clock, signal, cwd } = context;
  const apiKey = await apiKeyOf(context.env);
  let verdict = await askApiServer({ url, databasePath, folders, reader, apiKey }, signal);
  if (verdict.verdict === 'unknown' && verdict.isReachable && verdict.isRefusing !== true) {
    const question = `The API server ${url} does not report which database it has (${verdict.evidence}) Put a run without phases into ${databasePath}, ask the server for it, and delete it again?`;
    const details = (): WriteDetails => ({ question, rows: 1, params: { server: serverAddress(url) } });
    const write = { operation: 'canary', path: databasePath, database: expected, details } as const;
    await requireConsent(write, options, context);
    const place = { expected, writer, clock, workspaceFolder: cwd };
    verdict = await askWithCanary({ url, databasePath, apiKey }, place, signal);
  }
  if (verdict.verdict !== 'same') throw otherServer(url, databasePath, verdict);
}

/** Says that a server has another database than the one of that path, or does not tell. */
function otherServer(url: string, path: string, verdictOf: ApiVerdict): UserFacingError {
  const { verdict, evidence, isRefusing } = verdictOf;
  const what = verdict === 'different' ? `does not have ${path}` : `does not tell whether it has ${path}`;
  return new UserFacingError(
    'other-server',
    `The API server ${url} ${what}: ${evidence}`,
    isRefusing === true
      ? 'Set AUTOPACK_API_KEY, or AUTOPACK_API_KEY_FILE, to the key of the server.'
      : 'Restart the server with an absolute DATABASE_URL of this database, or drain without it.',
  );
}
