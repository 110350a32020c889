import { projectRoot } from '../host/projectPaths.ts';
import { runProgram } from '../host/runProgram.ts';
import { checkResult, type Stage } from './stage.ts';

/** A check that is one Node program, which exits with 0 where all is well. */
export function commandStage(name: string, what: string, ...args: readonly string[]): Stage {
  const run = async (signal: AbortSignal) => {
    const { exitCode, output } = await runProgram(process.execPath, args, { cwd: projectRoot, signal });
    return checkResult(exitCode === 0, output);
  };
  return { name, what, run };
}
