// npm start: opens the extension on examples/workspace, in desktop VS Code or, with --web, in a browser.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowserWindow } from './browserHost.ts';
import { chooseHost, hostChoice } from './chooseHost.ts';
import { describeFailure, HostProblem } from './hostProblem.ts';
import { say, step } from './progress.ts';
import { projectRoot } from './projectPaths.ts';
import { runProgram } from './runProgram.ts';
import type { WindowOptions } from './vsCodeHost.ts';

const usage = `Usage: npm start [-- [--web] [--screenshot FILE]]
  --web              open it in a browser, even where desktop VS Code could be had
  --screenshot FILE  open it without a window, write a picture (PNG) and end`;

async function start(): Promise<void> {
  const { values } = parseArgs({ options: { web: { type: 'boolean' }, screenshot: { type: 'string' } } });
  await step('Building the extension', build);
  const workspace = join(projectRoot, 'examples', 'workspace');
  await step('Preparing the example workspace', () => prepareWorkspace(workspace));
  const window: WindowOptions = { workspace, extension: { kind: 'unpacked', folder: projectRoot } };
  if (values.screenshot !== undefined) return takeScreenshot(window, resolve(values.screenshot));

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const host = await chooseHost(values.web === true ? 'browser' : hostChoice());
  await host.openForPerson(window, stop.signal);
}

async function build(): Promise<void> {
  const { exitCode, output } = await runProgram(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (exitCode !== 0)
    throw new HostProblem(`The build failed:\n${output}`, 'mend what it names, then run it again.');
}

/** The example's database is made here and now; git holds none. */
async function prepareWorkspace(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = join(folder, 'prepare.ts');
  if (!existsSync(script)) return;
  const { prepareExampleWorkspace } = (await import(pathToFileURL(script).href)) as {
    readonly prepareExampleWorkspace: (folder: string) => Promise<void>;
  };
  await prepareExampleWorkspace(folder);
}

async function takeScreenshot(options: WindowOptions, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await rm(file, { force: true });
  const window = await step('Opening VS Code without a window', () => openBrowserWindow(options));
  try {
    await step('Waiting for the extension', async () => {
      await window.page.locator('.part.activitybar .action-label[aria-label^="Autopack"]').click();
      await window.page.locator('.part.sidebar .pane-body').first().waitFor();
      // The first reading of the database, and the last of the window's own furniture.
      await delay(3000);
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
  console.error(
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
      ? `${error.message}\n${usage}`
      : describeFailure(error),
  );
  process.exitCode = 1;
}
