// npm start: opens the extension on examples/workspace, in desktop VS Code or, with --web, in a browser.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openBrowserWindow } from './browserHost.ts';
import { chooseHost, hostChoice } from './chooseHost.ts';
import { exitOnSignals } from './exitOnSignals.ts';
import { describeFailure, HostProblem } from './hostProblem.ts';
import { say, step } from './progress.ts';
import { projectRoot } from './projectPaths.ts';
import { runProgram } from './runProgram.ts';
import type { WindowOptions } from './vsCodeHost.ts';

const usage = `npm start [-- [--web] [--screenshot FILE]]
  --web              opens it in a browser, even where desktop VS Code could be had
  --screenshot FILE  opens it without a window, writes a picture (PNG) and ends`;

async function start(): Promise<void> {
  const releaseSignals = exitOnSignals();
  const { web, screenshot } = readOptions();
  await step('Building the extension', build);
  const workspace = join(projectRoot, 'examples', 'workspace');
  await step('Preparing the example workspace', () => prepareExampleWorkspace(workspace));
  const window: WindowOptions = { workspace, extension: { kind: 'unpacked', folder: projectRoot } };
  if (screenshot !== undefined) return takeScreenshot(window, resolve(screenshot));

  releaseSignals();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const host = await chooseHost(web === true ? 'browser' : hostChoice());
  await host.openForPerson(window, stop.signal);
}

interface StartOptions {
  readonly web?: boolean | undefined;
  readonly screenshot?: string | undefined;
}

function readOptions(): StartOptions {
  try {
    return parseArgs({ options: { web: { type: 'boolean' }, screenshot: { type: 'string' } } }).values;
  } catch (error) {
    throw new HostProblem(error instanceof Error ? error.message : String(error), usage);
  }
}

async function build(): Promise<void> {
  const { exitCode, output } = await runProgram(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (exitCode !== 0)
    throw new HostProblem(`The build failed:\n${output}`, 'fix what it names, then run it again.');
}

async function takeScreenshot(options: WindowOptions, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  const window = await step('Opening VS Code without a window', () => openBrowserWindow(options));
  try {
    await step('Waiting for the extension', async () => {
      await window.page.locator('.part.activitybar .action-label[aria-label^="Autopack"]').click();
      await window.page.mouse.move(700, 450);
      await window.page
        .locator('.part.sidebar')
        .locator('[role="treeitem"], .welcome-view-content')
        .first()
        .waitFor();
      // What comes in last: status bar items and badges.
      await delay(1500);
    });
    await window.page.screenshot({ path: file });
    say(`Written: ${file}`);
  } finally {
    await window.close();
  }
}

try {
  await start();
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
