import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';
import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { ChatModelRef } from '../../protocol/followerProtocol.ts';
import { findPython, type PythonSources } from '../system/findProgram.ts';
import { builderDefaults, type BuilderOptions } from '../builders/builderOptions.ts';
import {
  autopackExecutor,
  drainScript,
  exampleExecutor,
  makeExecutor,
  type DescribedExecutor,
} from './executors.ts';

/** The executors there are. */
export const executorNames = ['autopack', 'endpoint', 'vscode', 'example'] as const;

/** What an executor is chosen from. */
export interface ExecutorChoice {
  /** One of {@link executorNames}; without it, `autopack` where the workspace holds its script, else `example`. */
  readonly name?: string | undefined;
  /** The repository root; absolute. */
  readonly workspaceFolder: string;
  /** The example program; absolute. */
  readonly examplePath: string;
  /** Where a Python is named, besides the usual places. */
  readonly interpreter?: Omit<PythonSources, 'workspaceFolder'> | undefined;
  /** A running API server for `autopack` to reuse. */
  readonly apiUrl?: string | undefined;
  /** Known variables to be set for `autopack`. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The model that `endpoint` asks; called where that is chosen, it throws where none is set up. */
  readonly endpoint?: (() => Promise<EndpointSettings>) | undefined;
  /** The model of the editor that `vscode` asks. */
  readonly chatModel?: ChatModelRef | undefined;
  /** How the built-in builders work, where it is not {@link builderDefaults}. */
  readonly builder?: Partial<BuilderOptions> | undefined;
}

/** Chooses how phases are executed. Fails with `no-executor` or `no-interpreter`, before anything is changed. */
export async function chooseExecutor(choice: ExecutorChoice): Promise<DescribedExecutor> {
  const { workspaceFolder, examplePath, interpreter } = choice;
  const script = join(workspaceFolder, drainScript);
  const name = await executorNameFor(choice.name, workspaceFolder);
  switch (name) {
    case 'autopack':
      await require(script, t`There is no ${drainScript} in ${workspaceFolder}.`);
      return autopackExecutor(
        await findPython({ ...interpreter, workspaceFolder }),
        choice.apiUrl,
        choice.environment,
      );
    case 'endpoint':
      return chosenEndpoint(choice);
    case 'vscode':
      return chosenChatModel(choice);
    case 'example':
      await require(examplePath, t`The example program ${examplePath} is missing.`);
      return exampleExecutor(examplePath);
    default:
      throw new UserFacingError(
        'no-executor',
        t`There is no executor "${name}".`,
        t`Choose one of ${executorNames.join(', ')}.`,
      );
  }
}

async function chosenEndpoint({ endpoint, builder }: ExecutorChoice): Promise<DescribedExecutor> {
  if (endpoint === undefined) throw notAvailable('endpoint');
  const { provider, baseUrl, model, key } = await endpoint();
  const description = {
    name: 'endpoint',
    provider,
    baseUrl,
    model,
    builder: { ...builderDefaults, ...builder },
  } as const;
  return makeExecutor(description, { key, chatModel: null });
}

function chosenChatModel({ chatModel: model, builder }: ExecutorChoice): DescribedExecutor {
  if (model === undefined) throw notAvailable('vscode');
  return makeExecutor({ name: 'vscode', model, builder: { ...builderDefaults, ...builder } });
}

function notAvailable(name: string): UserFacingError {
  return new UserFacingError(
    'no-executor',
    t`The executor "${name}" has no model here.`,
    t`Choose a model for it, or another executor.`,
  );
}

/** The name of the executor that is meant: the one given, else what the workspace holds. */
export async function executorNameFor(name: string | undefined, workspaceFolder: string): Promise<string> {
  return name ?? ((await isFile(join(workspaceFolder, drainScript))) ? 'autopack' : 'example');
}

async function require(path: string, problem: string): Promise<void> {
  if (await isFile(path)) return;
  throw new UserFacingError(
    'no-executor',
    problem,
    t`Open the root of the Autopack repository, or choose another executor.`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

/** An API server to be started by a person. Paths are absolute. */
export interface ServerToStart {
  readonly databasePath: string;
  readonly workspaceFolder: string;
  readonly interpreter: string;
  /** Where it is to listen; port 8000 without it. */
  readonly url?: string | undefined;
}

/** The command that starts Autopack's API server on just this database, for the shell of a system. */
export function serverCommand(
  { databasePath, workspaceFolder, interpreter, url }: ServerToStart,
  platform: NodeJS.Platform = process.platform,
): string {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : null;
  const host = parsed === null || parsed.hostname === 'localhost' ? '127.0.0.1' : parsed.hostname;
  const port = parsed === null || parsed.port === '' ? '8000' : parsed.port;
  const database = formatDatabaseUrl(databasePath);
  const server = `-m uvicorn autopack.main:app --host ${host.replaceAll(/[[\]]/g, '')} --port ${port}`;
  if (platform === 'win32') {
    const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
    return `cd ${quote(workspaceFolder)}; $env:DATABASE_URL=${quote(database)}; $env:PYTHONPATH='src'; & ${quote(interpreter)} ${server}`;
  }
  const quote = (text: string): string =>
    /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `cd ${quote(workspaceFolder)} && DATABASE_URL=${quote(database)} PYTHONPATH=src ${quote(interpreter)} ${server}`;
}
