import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { artefactsFolder, projectRoot } from '../host/projectPaths.ts';
import { runProgram } from '../host/runProgram.ts';
import { readMochaReport } from './mochaReport.ts';
import type { Stage } from './stage.ts';

/** The tests of one folder, run by mocha in a process of its own; options go to mocha as they are. */
export function mochaStage(name: string, what: string, ...options: readonly string[]): Stage {
  const run = async (signal: AbortSignal) => {
    const report = join(artefactsFolder, 'reports', `${name}.json`);
    await rm(report, { force: true });
    const { exitCode, output } = await runProgram(
      process.execPath,
      [
        join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js'),
        ...[
          '--config',
          join('.config', 'mocharc.json'),
          '--reporter',
          './test/runner/mochaReporter.ts',
          '--reporter-option',
          `output=${report}`,
        ],
        ...options,
        `test/${name}/**/*.test.ts`,
      ],
      { cwd: projectRoot, signal },
    );
    return readMochaReport(report, exitCode, output);
  };
  return { name, what, run };
}
