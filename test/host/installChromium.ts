import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { installOnce } from './installOnce.ts';
import { step } from './progress.ts';
import { projectRoot } from './projectPaths.ts';
import { runNpm } from './runNpm.ts';
import { runProgram } from './runProgram.ts';

/** The npm package `@sparticuz/chromium` holds Chromium of the same version, for Linux on x64. */
const packagedVersion = '153.0.0';

/** A browser that can be started: its program, and the variables it needs besides ours. */
export interface BrowserProgram {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Playwright's download of Chromium, or undefined where its host cannot be reached. */
export async function downloadChromium(): Promise<BrowserProgram | undefined> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  const { exitCode } = await step('Getting Chromium by Playwright (once; about 170 MB)', () =>
    runProgram(process.execPath, [cli, 'install', 'chromium', '--no-shell', '--no-progress'], {
      cwd: projectRoot,
    }),
  );
  const path = chromium.executablePath();
  return exitCode === 0 && existsSync(path) ? { path } : undefined;
}

/** Chromium without windows from npm, with the libraries and fonts it needs; undefined where that package has none. */
export async function packagedChromium(): Promise<BrowserProgram | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = await installOnce(`chromium-${packagedVersion}`, (target) =>
    step('Getting Chromium from npm (once; 66 MB)', () => unpackInto(target)),
  );
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH ?? []].flat().join(':'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

async function unpackInto(folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'chromium-cache', private: true }));
  await runNpm(
    ['install', '--ignore-scripts', '--fetch-retries=1', `@sparticuz/chromium@${packagedVersion}`],
    folder,
  );
  // The package unpacks into the temporary folder, and its libraries only where it believes to run on a cloud
  // function's system, which has none of its own.
  const unpack = `import('@sparticuz/chromium').then((module) => module.default.executablePath())`;
  const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' };
  const { exitCode, output } = await runProgram(process.execPath, ['-e', unpack], { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`Chromium could not be unpacked:\n${output}`);
  const fonts =
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>' +
    '<dir>/usr/share/fonts</dir><dir prefix="relative">fonts</dir>' +
    '<cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n';
  await writeFile(join(folder, 'fonts.conf'), fonts);
}
