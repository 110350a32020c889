import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { describeFailure, HostProblem } from './hostProblem.ts';
import { downloadChromium, packagedChromium, type BrowserProgram } from './installChromium.ts';
import { say } from './progress.ts';
import { projectRoot } from './projectPaths.ts';
import { runProgram } from './runProgram.ts';

const programNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];

const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    if (folder === undefined) return [];
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ];
  }),
};

let chosen: Promise<BrowserProgram> | undefined;

/** The Chromium, Chrome or Edge to open windows in: the first of the candidates that starts here. */
export function getChromium(): Promise<BrowserProgram> {
  chosen ??= (async () => {
    for await (const candidate of candidates()) if (await starts(candidate)) return candidate;
    throw new HostProblem(
      'There is no Chromium, Chrome or Edge on this machine to open the VS Code window in, and none could be got.',
      'install one (Debian: apt-get install chromium; macOS: brew install --cask chromium; or: npx playwright-core ' +
        'install chromium), or name its program in the environment variable CHROME_PATH.',
    );
  })();
  return chosen;
}

/**
 * The browser that CHROME_PATH names; Chromium's build without windows, installed or from npm, for it needs two thirds
 * of the processor time of a whole browser; one that is installed; and the one that Playwright gets.
 */
async function* candidates(): AsyncGenerator<BrowserProgram> {
  const named = process.env.CHROME_PATH ?? process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH;
  if (named !== undefined) yield* existing([named]);
  yield* existing(onPath(['chromium-headless-shell']));
  const packaged = await packagedChromium().catch((error: unknown) => say(describeFailure(error)));
  if (packaged) yield packaged;
  yield* existing([
    ...onPath(programNames),
    ...(usualPlaces[process.platform] ?? []),
    chromium.executablePath(),
  ]);
  const downloaded = await downloadChromium();
  if (downloaded !== undefined) yield downloaded;
}

function onPath(names: readonly string[]): readonly string[] {
  if (process.platform === 'win32') return [];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

function existing(paths: readonly string[]): readonly BrowserProgram[] {
  return paths.filter((path) => existsSync(path)).map((path) => ({ path }));
}

/** Whether a program finds its libraries; only on Linux does one come without them, or tell its version. */
async function starts({ path, env }: BrowserProgram): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const options = { cwd: projectRoot, env: { ...process.env, ...env } };
  const { exitCode } = await runProgram(path, ['--version'], options).catch(() => ({ exitCode: 1 }));
  return exitCode === 0;
}

/** Starts the browser without a window. Ctrl+C is left to the caller, who has a server to end as well. */
export async function launchChromium(): Promise<Browser> {
  const { path, env } = await getChromium();
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env },
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    // Containers run as root and without user namespaces, where Chromium's sandbox cannot start.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
