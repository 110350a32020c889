import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { delimiter } from 'node:path';
import { findProgram, searchPath, workOf } from '../programs/findProgram.ts';

/** How git ended. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 20_000;

/**
 * What outranks the configuration of a repository, which may be of anybody: nothing there may name a program to run
 * (git-config(1)). Filters, external diffs and text conversions have names of their own, so no command that reads
 * files of the working tree is ever used, and `--no-ext-diff --no-textconv` is given where there is a difference.
 */
const harmless = [
  // Empty means off for every version; `false` was the name of a program before 2.36.
  'core.fsmonitor=',
  `core.hooksPath=${devNull}`,
  `core.attributesFile=${devNull}`,
  'core.pager=cat',
  'core.askPass=',
  'core.sshCommand=false',
  'core.gitProxy=',
  'credential.helper=',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
  'diff.submodule=short',
  'log.showSignature=false',
  'gpg.program=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/**
 * Runs git in a folder without letting the repository or the environment run anything else; `null` where there is no
 * git outside of that repository, or it did not end in time.
 */
export function runGit(folder: string, args: readonly string[]): Promise<GitAnswer | null> {
  const outside = [...workOf(folder), process.cwd()];
  const git = findProgram('git', { outside });
  if (git === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: gitEnvironment(outside),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 16 << 20,
      windowsHide: true,
    } as const;
    execFile(git, ['--no-pager', ...harmless, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else resolve(typeof error.code === 'number' ? { exitCode: error.code, stdout, stderr } : null);
    });
  });
}

/** Ours without any variable of git: inside of a hook, those lead to another index or repository. */
function gitEnvironment(outside: readonly string[]): NodeJS.ProcessEnv {
  const isOthers = (name: string): boolean =>
    /^(?:GIT_|SSH_ASKPASS|PAGER$|EDITOR$|VISUAL$|PATH$)/i.test(name);
  const inherited = Object.entries(process.env).filter(([name]) => !isOthers(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: searchPath({ outside }).join(delimiter),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    // No lock is taken for a mere question, so that the person's own git is never in the way.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    LC_ALL: 'C',
  };
}
