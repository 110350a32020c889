import { join } from 'node:path';
import { getChromium } from '../host/chromium.ts';
import { installCodeServer } from '../host/installCodeServer.ts';
import { cacheFolder, projectRoot } from '../host/projectPaths.ts';
import { commandStage } from './commandStage.ts';
import { mochaStage } from './mochaStage.ts';
import { packageStage } from './packageStage.ts';
import { checkResult, type Stage } from './stage.ts';
import { suiteStage } from './suiteStage.ts';
import { testHost } from './testHost.ts';

const bin = (...path: string[]): string => join('node_modules', ...path);
const prettier = [bin('prettier', 'bin', 'prettier.cjs'), '--config', '.config/prettier.json'];
const vsix = join(cacheFolder, 'build', 'packaged.vsix');

/** All stages of `npm test`, in their order. */
export const allStages: readonly Stage[] = [
  {
    name: 'host',
    what: 'find or get a VS Code, and a browser to click through it',
    run: async () => {
      // Both are needed whatever host runs the integration tests: the clicks are made in the browser.
      await getChromium();
      await installCodeServer();
      const host = await testHost();
      return checkResult(true, host.name);
    },
  },
  commandStage('format', 'prettier', ...prettier, '--check', '--log-level=warn', '.'),
  commandStage('typecheck', 'the product and its tests', bin('typescript', 'bin', 'tsc'), '-p', '.'),
  commandStage(
    'typecheck:core',
    'the core, without the types of Node and the DOM',
    bin('typescript', 'bin', 'tsc'),
    '-p',
    'src/core',
  ),
  commandStage('typecheck:webview', 'the report page', bin('typescript', 'bin', 'tsc'), '-p', 'src/webview'),
  commandStage(
    'lint',
    'eslint with types',
    bin('eslint', 'bin', 'eslint.js'),
    '-c',
    '.config/eslint.config.mjs',
    '.',
  ),
  commandStage(
    'unused',
    'files, exports and packages that nothing uses',
    bin('knip', 'bin', 'knip.js'),
    '--config',
    '.config/knip.json',
  ),
  commandStage('build', 'extension, worker, command line, report page', 'esbuild.mjs'),
  mochaStage({
    name: 'unit',
    what: 'tests of single parts, in one process',
    options: ['--require', './test/support/inProcess.ts'],
  }),
  mochaStage({
    name: 'process',
    what: 'tests with real processes, locks and signals',
    sideBySide: true,
  }),
  // Alone, for tests of both tiers look at the programs that drain on this machine.
  {
    ...mochaStage({ name: 'golden', what: 'whole outputs against recorded ones', sideBySide: true }),
    needs: ['build'],
    alone: true,
  },
  suiteStage({
    name: 'integration',
    what: 'tests in the extension host of a real VS Code',
    needs: ['host', 'build'],
    tests: '**/*.test.ts',
    extension: { kind: 'unpacked', folder: projectRoot },
  }),
  {
    ...mochaStage({
      name: 'e2e',
      what: 'a person clicks through it; screenshots in test/artefacts/screenshots',
      options: ['--timeout', '120000', '--require', './test/e2e/support/afterTests.ts'],
      sideBySide: true,
      // For what a person would do again: a click that was lost because the window was just repainting.
      mostAgain: 4,
    }),
    needs: ['host', 'build'],
    alone: true,
  },
  // Alone, for it builds anew what the others are run from.
  { ...packageStage(vsix), alone: true },
  suiteStage({
    name: 'packaged',
    what: 'the .vsix installs and activates',
    needs: ['host', 'package'],
    tests: 'smoke.test.ts',
    extension: { kind: 'packaged', vsix },
  }),
  {
    // Every test that writes would take what these start for a program at work on its database.
    ...mochaStage({ name: 'machine', what: 'tests of what is seen of other programs on this machine' }),
    alone: true,
  },
  {
    ...mochaStage({
      name: 'soak',
      what: 'long runs of the fault tests',
      options: ['--timeout', '3600000'],
    }),
    alone: true,
    onDemand: true,
    longestMs: 24 * 3_600_000,
  },
];
