import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { askGit, ignoreInGit, untrackInGit } from '../../../src/node/identity/git.ts';
import { findProgram } from '../../../src/node/system/findProgram.ts';
import { hasGit } from '../../support/hasGit.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Lines of a repository's configuration that name a program; `%` is one that leaves a mark. */
const configurations: Readonly<Record<string, string>> = {
  'core.fsmonitor': '[core]\nfsmonitor = %',
  'core.hooksPath': '[core]\nhooksPath = hooks',
  'core.pager': '[core]\npager = %',
  'pager.diff': '[pager]\ndiff = %\nls-files = %\nrev-parse = %',
  'core.editor': '[core]\neditor = %',
  'core.askPass': '[core]\naskPass = %',
  'core.sshCommand': '[core]\nsshCommand = %',
  'core.gitProxy': '[core]\ngitProxy = %',
  'core.alternateRefsCommand': '[core]\nalternateRefsCommand = %',
  'credential.helper': '[credential]\nhelper = !%',
  'diff.external': '[diff]\nexternal = %',
  'diff driver': '[diff "planted"]\ncommand = %\ntextconv = %\ncachetextconv = false',
  'clean and smudge filters': '[filter "planted"]\nclean = %\nsmudge = %\nrequired = true',
  'process filter': '[filter "planted"]\nprocess = %\nrequired = true',
  'merge driver': '[merge "planted"]\ndriver = %',
  'diff.tool': '[diff]\ntool = planted\n[difftool "planted"]\ncmd = %',
  'interactive.diffFilter': '[interactive]\ndiffFilter = %',
  aliases: '[alias]\nls-files = !%\ndiff = !%\nrm = !%\ncheck-ignore = !%\nrev-parse = !%',
  'gpg.program': '[gpg]\nprogram = %\n[log]\nshowSignature = true\n[commit]\ngpgSign = true',
  'sequence.editor': '[sequence]\neditor = %',
  'include.path': '[include]\npath = included',
  includeIf: '[includeIf "gitdir/i:**"]\npath = included',
  'promisor remote':
    '[core]\nrepositoryFormatVersion = 1\n[extensions]\npartialClone = origin\n[remote "origin"]\nurl = ext::%\npromisor = true\n[protocol "ext"]\nallow = always',
  'uploadpack hook': '[uploadpack]\npackObjectsHook = %',
  'receive.procReceiveRefs': '[receive]\nprocReceiveRefs = refs',
  'url.insteadOf': '[url "ext::%"]\ninsteadOf = https://',
  'submodule update': '[submodule "planted"]\nupdate = !%\n[submodule]\nrecurse = true',
  'gc.recentObjectsHook': '[gc]\nrecentObjectsHook = %\nauto = 1',
  'man and web browser':
    '[man]\nviewer = planted\n[man "planted"]\ncmd = %\n[web]\nbrowser = planted\n[browser "planted"]\ncmd = %',
  'trailer command': '[trailer "planted"]\ncommand = %\ncmd = %',
};

const setOff = [
  ...['core.fsmonitor', 'core.hooksPath', 'diff.external', 'diff driver', 'clean and smudge filters'],
  ...['process filter', 'include.path', 'promisor remote'],
];

/** Variables by which git could be led elsewhere or made to run something; `%` as above. */
const variables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GIT_CONFIG_COUNT: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: '%' },
  GIT_CONFIG_PARAMETERS: { GIT_CONFIG_PARAMETERS: "'core.fsmonitor'='%'" },
  GIT_CONFIG_GLOBAL: { GIT_CONFIG_GLOBAL: 'included' },
  GIT_CONFIG_SYSTEM: { GIT_CONFIG_SYSTEM: 'included' },
  GIT_EXTERNAL_DIFF: { GIT_EXTERNAL_DIFF: '%' },
  GIT_PAGER: { GIT_PAGER: '%', PAGER: '%' },
  GIT_EDITOR: { GIT_EDITOR: '%', EDITOR: '%', VISUAL: '%' },
  GIT_ASKPASS: { GIT_ASKPASS: '%', SSH_ASKPASS: '%' },
  GIT_SSH_COMMAND: { GIT_SSH_COMMAND: '%', GIT_SSH: '%', GIT_PROXY_COMMAND: '%' },
  GIT_EXEC_PATH: { GIT_EXEC_PATH: 'hooks' },
  GIT_TEMPLATE_DIR: { GIT_TEMPLATE_DIR: 'hooks' },
  GIT_TRACE: { GIT_TRACE: '#', GIT_TRACE2: '#', GIT_TRACE_SETUP: '#', GIT_TRACE2_EVENT: '#' },
  GIT_DIR: { GIT_DIR: 'nowhere', GIT_WORK_TREE: 'nowhere' },
  GIT_INDEX_FILE: { GIT_INDEX_FILE: 'nowhere' },
  GIT_COMMON_DIR: { GIT_COMMON_DIR: 'nowhere' },
  GIT_OBJECT_DIRECTORY: { GIT_OBJECT_DIRECTORY: 'nowhere' },
  GIT_NAMESPACE: { GIT_NAMESPACE: 'x', GIT_PREFIX: 'x', GIT_CEILING_DIRECTORIES: '/' },
  GIT_PATHSPECS: { GIT_ICASE_PATHSPECS: '1', GIT_GLOB_PATHSPECS: '1' },
  GIT_ATTR_SOURCE: { GIT_ATTR_SOURCE: 'nowhere' },
};

describe('git in a hostile repository', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const environment = { ...process.env };
  let repository = '';
  let mark = '';
  let planted = '';

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'the programs are shell scripts');
    if (!hasGit()) skipBecause(this, 'git is not installed');
  });

  beforeEach(async () => {
    repository = join(await realpath(folder()), 'repository');
    mark = join(await realpath(folder()), 'mark');
    planted = join(repository, 'planted');
    await mkdir(join(repository, 'hooks'), { recursive: true });
    git('init', '--quiet');
    await writeFile(join(repository, 'seed.db'), 'one');
    await writeFile(join(repository, 'other.txt'), 'one');
    git('add', 'seed.db', 'other.txt');
    git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '--quiet', '-m', 'x');
    await writeFile(join(repository, 'seed.db'), 'two');
    await writeFile(join(repository, 'other.txt'), 'two');
    git('add', 'seed.db');
    const script = `#!/bin/sh\ntouch '${mark}'\ncat >/dev/null 2>&1 </dev/null\n`;
    const hooks = [
      'post-index-change',
      'fsmonitor-watchman',
      'pre-commit',
      'reference-transaction',
      'git-ls-files',
    ];
    for (const file of [planted, ...hooks.flatMap((name) => [`hooks/${name}`, `.git/hooks/${name}`])]) {
      const path = file === planted ? planted : join(repository, file);
      await writeFile(path, script);
      await chmod(path, 0o755);
    }
    await writeFile(join(repository, '.gitattributes'), '* diff=planted filter=planted merge=planted\n');
    await writeFile(join(repository, '.git', 'included'), `[core]\nfsmonitor = ${planted}\n`);
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (!(name in environment)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, environment);
  });

  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: repository,
      encoding: 'utf8',
      env: { ...environment, GIT_CONFIG_GLOBAL: '/dev/null' },
    });

  /** All that is ever asked of git, with the right answers. */
  async function everything(): Promise<void> {
    const findings = await askGit(join(repository, 'seed.db'));
    assert.deepEqual(
      findings.map(({ relativePath, isTracked, isStaged, isIgnored }) => [
        relativePath,
        isTracked,
        isStaged,
        isIgnored,
      ]),
      [['seed.db', true, true, false]],
    );
    for (const finding of findings) {
      await ignoreInGit(finding);
      await untrackInGit(finding);
    }
    const [after] = await askGit(join(repository, 'seed.db'));
    assert.deepEqual([after?.isTracked, after?.isIgnored], [false, true]);
    assert.ok(!existsSync(mark), 'a planted program ran');
  }

  // Those that what is asked could set off have a repository each; for the rest one will do, which would show all the same.
  const [apart, together] = [true, false].map((isApart) =>
    Object.entries(configurations).filter(([name]) => setOff.includes(name) === isApart),
  );
  for (const [name, lines] of apart ?? []) {
    it(`runs nothing of ${name}`, async () => {
      await appendFile(join(repository, '.git', 'config'), `${lines.replaceAll('%', planted)}\n`);
      await everything();
    });
  }

  it(`runs nothing of ${(together ?? []).map(([name]) => name).join(', ')}`, async () => {
    const lines = (together ?? []).map(([, each]) => `${each.replaceAll('%', planted)}\n`);
    await appendFile(join(repository, '.git', 'config'), lines.join(''));
    await everything();
  });

  it(`does not go by ${Object.keys(variables).join(', ')} of the environment`, async () => {
    for (const [key, value] of Object.values(variables).flatMap(Object.entries<string>)) {
      process.env[key] = value.replaceAll('%', planted).replaceAll('#', mark);
    }
    await everything();
  });

  it('would otherwise run them: the marks are no illusion', async () => {
    const status = (): void => void spawnSync('git', ['status'], { cwd: repository, env: environment });
    await appendFile(join(repository, '.git', 'config'), `[core]\nfsmonitor = ${planted}\n`);
    status();
    assert.ok(existsSync(mark), 'core.fsmonitor');
    await rm(mark);
    git('config', '--unset-all', 'core.fsmonitor');
    await appendFile(join(repository, '.git', 'config'), `[filter "planted"]\nclean = ${planted}\n`);
    await writeFile(join(repository, 'other.txt'), 'three');
    spawnSync('git', ['add', 'other.txt'], { cwd: repository, env: environment });
    assert.ok(existsSync(mark), 'a filter');
  });

  it('waits for pipes in the place of what git reads once, and not for each question', async () => {
    const places = [
      'index',
      'HEAD',
      'config',
      'commondir',
      'info/exclude',
      'objects/info/alternates',
      '../.gitignore',
    ];
    for (const place of places) {
      const path = join(repository, '.git', place);
      const aside = join(folder(), 'aside');
      const isThere = existsSync(path);
      if (isThere) await rename(path, aside);
      await mkdir(dirname(path), { recursive: true });
      execFileSync('mkfifo', [path]);
      const startedAt = performance.now();
      for (const { relativePath } of await askGit(join(repository, 'seed.db'), 1000)) {
        assert.equal(relativePath, 'seed.db');
      }
      assert.ok(performance.now() - startedAt < 5000, place);
      await rm(path);
      if (isThere) await rename(aside, path);
    }
    await everything();
  });

  it('does not take a working tree elsewhere for that of the database', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'autopack-hygiene-elsewhere-'));
    git('config', 'core.worktree', elsewhere);
    assert.deepEqual(await askGit(join(repository, 'seed.db')), []);
    await rm(elsewhere, { recursive: true });
  });

  it('gives the right answer inside of a hook of a linked worktree', async () => {
    const linked = join(folder(), 'linked');
    git('worktree', 'add', '--quiet', '-b', 'side', linked);
    // The hooks of this one may run.
    await rm(mark, { force: true });
    await writeFile(join(linked, 'mine.db'), '');
    Object.assign(process.env, {
      GIT_DIR: join(repository, '.git', 'worktrees', 'linked'),
      GIT_INDEX_FILE: join(repository, '.git', 'worktrees', 'linked', 'index'),
      GIT_PREFIX: '',
    });
    await everything();
    const [finding] = await askGit(join(linked, 'mine.db'));
    assert.deepEqual(
      [finding?.relativePath, finding?.isTracked, finding?.isIgnored],
      ['mine.db', false, false],
    );
  });

  it('is the git of the system, never one of the workspace or of a relative folder', async () => {
    const bin = join(repository, 'bin');
    await mkdir(bin);
    await symlink(planted, join(bin, 'git'));
    const linked = join(folder(), 'elsewhere');
    await mkdir(linked);
    await symlink(planted, join(linked, 'git'));
    const path = process.env.PATH ?? '';
    for (const entry of [bin, '.', '', 'bin', './bin', linked]) {
      process.env.PATH = [entry, path].join(delimiter);
      const found = findProgram('git', { outside: [repository] });
      assert.ok(found !== null && !found.startsWith(repository) && !found.startsWith(linked), entry);
    }
    process.env.PATH = [bin, '.', linked, path].join(delimiter);
    await everything();
  });
});
