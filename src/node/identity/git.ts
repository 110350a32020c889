import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join, relative, sep, delimiter } from 'node:path';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { ignoreLine, untrackCommand, type GitFinding } from '../../core/identity/gitFinding.ts';
import { t } from '../../core/text/l10n.ts';
import { fileError } from '../system/fileError.ts';
import { findProgram, searchPath, workOf } from '../system/findProgram.ts';
import { readIfThere } from '../system/regularFile.ts';
import { replaceFile } from '../system/replaceFile.ts';

/** Names are no patterns. `check-ignore` takes them literally anyway, and refuses this option. */
const literal = '--literal-pathspecs';
/** The longest `.gitignore`, in bytes. */
const longest = 4 << 20;
/** Compares the index with the last commit by names alone: no file of the working tree is read, so no filter runs. */
const staged = [
  'diff',
  '--cached',
  '--name-only',
  '-z',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules',
];
/** What lies beside a database and holds its content. */
const companions = ['', '-wal', '-shm', '-journal'];
/** The file that says that it is being drained: it holds nothing, and would stand among the changes for as long. */
const lock = '.drain-lock';

/**
 * Git's own answer for a database and the files beside it (absolute path). Empty outside of a working tree and where
 * there is no git. A file beside it that is neither there nor tracked is not spoken of. What git does not answer within the
 * time for all questions together, as where a pipe lies in the place of a file it reads, counts as no.
 */
export async function askGit(databasePath: string, timeLimitMs = timeoutMs): Promise<GitFinding[]> {
  if (isPostgresPath(databasePath)) return [];
  const signal = AbortSignal.timeout(timeLimitMs);
  const real = await realpath(databasePath).catch(() => databasePath);
  const folder = dirname(real);
  const top = existsSync(folder) ? await runGit(folder, ['rev-parse', '--show-toplevel'], signal) : null;
  if (top?.exitCode !== 0) return [];
  const repository = await realpath(top.stdout.replace(/\r?\n$/, '')).catch(() => null);
  // A configuration may name a working tree elsewhere, which is not of this database.
  if (repository === null || relative(repository, real).startsWith('..')) return [];
  const paths = companions.map((suffix) => real + suffix);
  const [tracked, changed] = await Promise.all([
    listed(repository, [literal, 'ls-files', '-z', '--', ...paths], signal),
    listed(repository, [literal, ...staged, '--', ...paths], signal),
  ]);
  const findings = paths.map(async (path): Promise<GitFinding | null> => {
    const relativePath = relative(repository, path).split(sep).join('/');
    const isTracked = tracked.has(relativePath);
    if (!isTracked && path !== real && !existsSync(path)) return null;
    // By the rules alone: of a tracked file git would say that it is not ignored.
    const ignored = await runGit(repository, ['check-ignore', '-q', '--no-index', '--', path], signal);
    return {
      path,
      relativePath,
      repository,
      isTracked,
      isStaged: changed.has(relativePath) && isTracked,
      isIgnored: ignored?.exitCode === 0,
    };
  });
  return (await Promise.all(findings)).filter((finding) => finding !== null);
}

/** Adds a rule for a database and what lies beside it to the `.gitignore` of the repository's root. Nothing is untracked. */
export async function ignoreInGit({ repository, relativePath }: GitFinding): Promise<void> {
  const file = join(repository, '.gitignore');
  const database = relativePath.replace(/-(wal|shm|journal)$/, '');
  try {
    const before = (await readIfThere(file, longest)) ?? '';
    const lines = [...companions, lock].map((suffix) => ignoreLine(database + suffix));
    const missing = lines.filter((line) => !before.split(/\r?\n/).includes(line));
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    if (missing.length === 0) return;
    await replaceFile(file, `${before}${gap}${missing.join('\n')}\n`, { mode: 'kept' });
  } catch (error) {
    throw fileError(error, file);
  }
}

/**
 * Takes a file out of git's index; the file itself stays where it is. Not by `git rm --cached`, which compares all files of
 * the working tree first and runs their filters.
 */
export async function untrackInGit({ repository, relativePath }: GitFinding): Promise<void> {
  const answer = await runGit(repository, ['update-index', '--force-remove', '--', relativePath]);
  if (answer?.exitCode === 0) return;
  throw new UserFacingError(
    'git',
    t`Git could not untrack ${relativePath}: ${firstLine(answer?.stderr ?? t`git is not there`)}.`,
    t`Run this in a terminal; the file itself stays: ${untrackCommand({ repository, relativePath })}`,
  );
}

async function listed(
  repository: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const answer = await runGit(repository, args, signal);
  return new Set(answer?.exitCode === 0 ? answer.stdout.split('\0').filter((name) => name !== '') : []);
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').replace(/\.$/, '');
}

/** How git ended. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For a question or a change, however many calls of git it takes. */
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
function runGit(
  folder: string,
  args: readonly string[],
  signal = AbortSignal.timeout(timeoutMs),
): Promise<GitAnswer | null> {
  const outside = [...workOf(folder), process.cwd()];
  const git = findProgram('git', { outside });
  if (git === null || signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: gitEnvironment(outside),
      signal,
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
