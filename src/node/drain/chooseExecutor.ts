import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { findPython, type PythonSources } from '../python/findPython.ts';
import { autopackExecutor, drainScript } from './autopackExecutor.ts';
import { exampleExecutor } from './exampleExecutor.ts';
import type { DescribedExecutor } from './executorDescription.ts';

/** The executors there are. */
export const executorNames = ['autopack', 'example'] as const;

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
}

/** Chooses how phases are executed. Fails with `no-executor` or `no-interpreter`, before anything is changed. */
export async function chooseExecutor(choice: ExecutorChoice): Promise<DescribedExecutor> {
  const { workspaceFolder, examplePath, interpreter } = choice;
  const script = join(workspaceFolder, drainScript);
  const name = await executorNameFor(choice.name, workspaceFolder);
  switch (name) {
    case 'autopack':
      await require(script, `There is no ${drainScript} in ${workspaceFolder}.`);
      return autopackExecutor(
        await findPython({ ...interpreter, workspaceFolder }),
        choice.apiUrl,
        choice.environment,
      );
    case 'example':
      await require(examplePath, `The example program ${examplePath} is missing.`);
      return exampleExecutor(examplePath);
    default:
      throw new UserFacingError(
        'no-executor',
        `There is no executor "${name}".`,
        `Choose one of ${executorNames.join(', ')}.`,
      );
  }
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
    'Open the root of the Autopack repository, or choose another executor.',
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
