import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { endProcessTree } from '../../src/node/system/processTree.ts';
import { HostProblem } from './hostProblem.ts';
import { installCodeServer } from './installCodeServer.ts';
import { createServerProfile, installExtension, type ServerProfile } from './serverProfile.ts';
import type { ExtensionUnderTest } from './vsCodeHost.ts';

export interface VsCodeServerOptions {
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Asks for workspace trust, so that a fresh workspace opens in Restricted Mode. */
  readonly restricted?: boolean;
  /** An extension to install before anything opens. */
  readonly extension?: ExtensionUnderTest;
  /** Folders of other extensions to have installed beside it. */
  readonly companions?: readonly string[];
  /**
   * Honours the development options in a page's address, which a suite needs. Not for windows that are looked
   * at: VS Code shows no notifications then.
   */
  readonly development?: boolean;
  /** The extension host's environment on top of ours; an undefined value takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** The display language of extensions, such as `de`; English unless told. */
  readonly language?: string;
  /** Without the extensions of VS Code's own that tests can do without. */
  readonly forTests?: boolean;
}

/** A running VS Code server with a profile of its own. */
export interface VsCodeServer {
  readonly port: number;
  readonly writeSettings: ServerProfile['writeSettings'];
  /** What the server has said so far. */
  readonly log: () => string;
  /** Ends the server with all its children and removes its profile. */
  readonly stop: () => Promise<void>;
}

const startTimeoutMs = 30_000;

/** Starts the VS Code server on a free port of this machine, installing it first where needed. */
export async function startVsCodeServer(options: VsCodeServerOptions = {}): Promise<VsCodeServer> {
  const script = await installCodeServer();
  const { settings, language, forTests } = options;
  const builtInsFrom = forTests === true ? join(dirname(script), '..', 'extensions') : undefined;
  const profile = await createServerProfile({ settings, language, builtInsFrom });
  const { writeSettings } = profile;
  try {
    if (options.extension !== undefined) await installExtension(script, profile, options.extension);
    for (const folder of options.companions ?? []) {
      await installExtension(script, profile, { kind: 'unpacked', folder });
    }
  } catch (error) {
    await profile.remove();
    throw error;
  }
  const child = spawn(process.execPath, [script, ...serverArgs(options), ...profile.args], {
    env: { ...process.env, ...options.env },
    // A group of its own, with which all that it starts is ended.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): void => {
    killGroup(child);
    profile.removeNow();
  };
  process.once('exit', endWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    await endTree(child);
    await profile.remove();
  };
  const lines: string[] = [];
  try {
    const port = await listeningPort(child, lines);
    return { port, writeSettings, log: () => lines.join('\n'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArgs({ restricted, development }: VsCodeServerOptions): string[] {
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--without-connection-token',
    '--telemetry-level',
    'off',
  ];
  if (restricted !== true) args.push('--disable-workspace-trust');
  if (development === true) args.push('--enable-smoke-test-driver');
  return args;
}

/** Collects the server's messages for good, and resolves as soon as one of them names the port. */
function listeningPort(child: ChildProcess, lines: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer);
      const said = lines.join('\n');
      reject(
        new HostProblem(`${what}\n${said}`, 'delete the .vscode-test folder and run the command again.'),
      );
    };
    const timer = setTimeout(() => fail('The VS Code server did not start within 30 s:'), startTimeoutMs);
    const onExit = (): void => fail('The VS Code server ended while starting:');
    child.once('exit', onExit);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        const port = /listening on (\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        child.off('exit', onExit);
        resolve(Number(port));
      });
    }
  });
}

/** At once, for a command that is ending itself; elsewhere than on POSIX, the process alone. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid === undefined || process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

async function endTree({ pid, exitCode, signalCode }: ChildProcess): Promise<void> {
  if (pid !== undefined && exitCode === null && signalCode === null) await endProcessTree(pid);
}
