import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { artefactsFolder, projectRoot } from '../host/projectPaths.ts';
import { runProgram } from '../host/runProgram.ts';
import { failedFiles, mochaResult, readMochaReport, type MochaReport } from './mochaReport.ts';
import type { Stage } from './stage.ts';

interface MochaStage extends Pick<Stage, 'name' | 'what'> {
  /** Given to mocha as they are. */
  readonly options?: readonly string[];
  /** Runs two files at once: tests that wait for processes or windows part of the time use two cores so. */
  readonly sideBySide?: boolean;
  /** Up to how many files with a failed test run once more, one after the other; none unless told. */
  readonly mostAgain?: number;
}

/** The tests of one folder, run by mocha in a process of its own. */
export function mochaStage({ name, what, options = [], ...how }: MochaStage): Stage {
  const run = async (signal: AbortSignal) => {
    const parallel = how.sideBySide === true ? ['--parallel', '--jobs', '2'] : [];
    const first = await runMocha(name, [...options, ...parallel, `test/${name}/**/*.test.ts`], signal);
    const again = failedFiles(first);
    if (again.length === 0 || again.length > (how.mostAgain ?? 0)) return mochaResult(first);
    return mochaResult(first, await runMocha(`${name}-again`, [...options, ...again], signal));
  };
  return { name, what, run };
}

async function runMocha(name: string, args: readonly string[], signal: AbortSignal): Promise<MochaReport> {
  const report = join(artefactsFolder, 'reports', `${name}.json`);
  await rm(report, { force: true });
  const mocha = join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`];
  const { exitCode, output } = await runProgram(
    process.execPath,
    [mocha, '--config', join('.config', 'mocharc.json'), ...reporter, ...args],
    { cwd: projectRoot, signal },
  );
  return readMochaReport(report, exitCode, output);
}
