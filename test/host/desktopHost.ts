import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { driverExtension } from './driverExtension.ts';
import { say } from './progress.ts';
import { quietSettings } from './quietSettings.ts';
import { runProgram } from './runProgram.ts';
import type { SuiteOptions, SuiteResult, VsCodeHost, WindowOptions } from './vsCodeHost.ts';

/** The desktop VS Code whose program is given, always with a profile of its own. */
export function desktopHost(program: string): VsCodeHost {
  return {
    name: 'desktop',
    runSuite: (options) => withProfile(options, (profile) => runSuite(program, profile, options)),
    openForPerson: (options, signal) =>
      withProfile(options, (profile) => openForPerson(program, profile, options, signal)),
  };
}

/** The options that name a fresh profile with the settings in it, which is deleted after use. */
async function withProfile<T>(
  { settings }: WindowOptions,
  use: (profile: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vscode-desktop-'));
  try {
    const user = join(folder, 'data', 'User');
    await mkdir(user, { recursive: true });
    await writeFile(join(user, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
    return await use([
      `--user-data-dir=${join(folder, 'data')}`,
      `--extensions-dir=${join(folder, 'extensions')}`,
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function runSuite(
  program: string,
  profile: readonly string[],
  options: SuiteOptions,
): Promise<SuiteResult> {
  const { extension, suite, workspace, env } = options;
  if (extension.kind === 'packaged') await install(program, profile, extension.vsix);
  const said = new PassThrough();
  const log = text(said);
  const exitCode = await runTests({
    vscodeExecutablePath: program,
    extensionDevelopmentPath: extension.kind === 'unpacked' ? extension.folder : await driverExtension(),
    extensionTestsPath: suite,
    extensionTestsEnv: { ...env },
    launchArgs: [...(workspace === undefined ? [] : [workspace]), ...profile],
    stdout: said,
    stderr: said,
  }).catch(() => 1);
  said.end();
  return { exitCode, log: await log };
}

async function openForPerson(
  program: string,
  profile: readonly string[],
  { extension, workspace, env }: WindowOptions,
  signal: AbortSignal,
): Promise<void> {
  if (extension.kind === 'packaged') await install(program, profile, extension.vsix);
  const args = [
    '--new-window',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-workspace-trust',
    ...profile,
  ];
  if (extension.kind === 'unpacked') args.push(`--extensionDevelopmentPath=${extension.folder}`);
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  if (workspace !== undefined) args.push(workspace);
  say('Opening VS Code; this command ends when its window is closed, or with Ctrl+C here.');
  const window = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const close = (): void => void window.kill();
  signal.addEventListener('abort', close, { once: true });
  await once(window, 'exit');
  signal.removeEventListener('abort', close);
}

async function install(program: string, profile: readonly string[], vsix: string): Promise<void> {
  const [cli = program, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(program, {
    reuseMachineInstall: true,
  });
  const args = [...cliArgs, ...profile, '--install-extension', vsix, '--force'];
  const { exitCode, output } = await runProgram(cli, args, { cwd: tmpdir() });
  if (exitCode !== 0) throw new Error(`VS Code refused to install ${vsix}:\n${output}`);
}
