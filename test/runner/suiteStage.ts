import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSuite } from '../host/buildSuite.ts';
import { artefactsFolder, projectRoot } from '../host/projectPaths.ts';
import type { ExtensionUnderTest } from '../host/vsCodeHost.ts';
import { mochaResult, readMochaReport } from './mochaReport.ts';
import type { Stage, StageResult } from './stage.ts';
import { testHost } from './testHost.ts';

interface SuiteStage extends Pick<Stage, 'name' | 'what' | 'needs'> {
  /** Which files of `test/integration` to run, as a glob. */
  readonly tests: string;
  readonly extension: ExtensionUnderTest;
}

/** Integration tests inside the extension host of a real VS Code, in a workspace they may write to. */
export function suiteStage({ tests, extension, ...stage }: SuiteStage): Stage {
  const run = async (): Promise<StageResult> => {
    const report = join(artefactsFolder, 'reports', `${stage.name}.json`);
    await mkdir(join(artefactsFolder, 'reports'), { recursive: true });
    await rm(report, { force: true });
    const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
    await cp(join(projectRoot, 'test', 'integration', 'workspace'), workspace, { recursive: true });
    try {
      const [host, suite] = await Promise.all([testHost(), buildSuite(stage.name, tests)]);
      const env = { SUITE_RESULTS: report, EXTENSION_UNDER_TEST: extension.kind, DATABASE_URL: undefined };
      const { exitCode, log } = await host.runSuite({ workspace, suite, extension, env });
      await writeFile(join(artefactsFolder, 'reports', `${stage.name}.log`), log);
      return mochaResult(await readMochaReport(report, exitCode, log));
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  };
  return { ...stage, alone: true, run };
}
