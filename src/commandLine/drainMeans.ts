import { UserFacingError } from '../core/errors.ts';
import { chooseExecutor, executorNameFor } from '../node/drain/chooseExecutor.ts';
import type { DescribedExecutor } from '../node/drain/executorDescription.ts';
import { apiKeyOf } from '../node/guard/apiKey.ts';
import { askApiServer } from '../node/guard/askApiServer.ts';
import type { CommandContext } from './commandContext.ts';
import { nonEmpty } from './databaseOption.ts';
import { otherServer } from './requireSameServer.ts';
import { workspaceFolderOf } from './workspaceFolder.ts';

/** How phases are to be executed, as the command line says it. */
export interface MeansOptions {
  readonly executor?: string;
  readonly python?: string;
  readonly apiUrl?: string;
  readonly workspace?: string;
}

/** What a drain executes phases with. */
export interface DrainMeans {
  readonly executor: DescribedExecutor;
  /** The server that has to have the database; `undefined` where none is used. */
  readonly server: string | undefined;
}

/** Chooses the executor and its server. Throws what {@link chooseExecutor} throws. */
export async function drainMeans(options: MeansOptions, context: CommandContext): Promise<DrainMeans> {
  const apiUrl = nonEmpty(options.apiUrl) ?? nonEmpty(context.env.AUTOPACK_API_URL);
  const executor = await chooseExecutor({
    name: options.executor,
    workspaceFolder: workspaceFolderOf(options, context),
    examplePath: context.exampleExecutorPath,
    interpreter: { setting: options.python },
    apiUrl,
  });
  // The environment's server is only of interest to the executor that would use it.
  const isUsed = options.apiUrl !== undefined || executor.name === 'autopack';
  return { executor, server: isUsed ? apiUrl : undefined };
}

/** Whether the executor that is meant runs the first queued phase of a run, be it startable or not. */
export async function runsFirstQueued(options: MeansOptions, context: CommandContext): Promise<boolean> {
  return (await executorNameFor(options.executor, workspaceFolderOf(options, context))) === 'autopack';
}

/** For what a drain of the database would be refused before it began; `null` where nothing speaks against it. Writes nothing. */
export async function meansProblem(
  databasePath: string,
  options: MeansOptions,
  context: CommandContext,
): Promise<UserFacingError | null> {
  try {
    const { server: url } = await drainMeans(options, context);
    if (url === undefined) return null;
    const folders = [workspaceFolderOf(options, context)];
    const verdict = await askApiServer(
      { url, databasePath, folders, reader: context.reader, apiKey: await apiKeyOf(context.env) },
      context.signal,
    );
    // Where it does not tell, the drain asks it with a canary run.
    const isOpen = verdict.verdict === 'unknown' && verdict.isReachable && verdict.isRefusing !== true;
    return verdict.verdict === 'same' || isOpen ? null : otherServer(url, databasePath, verdict);
  } catch (error) {
    if (error instanceof UserFacingError && error.code !== 'cancelled') return error;
    throw error;
  }
}
