import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitProblem, ignoreLine } from '../../../src/core/identity/gitFinding.ts';
import { askGit, ignoreInGit, untrackInGit } from '../../../src/node/identity/git.ts';
import { hasGit } from '../../support/hasGit.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('git hygiene', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: folder(),
      encoding: 'utf8',
    });

  before(function () {
    if (!hasGit()) skipBecause(this, 'git is not installed');
  });

  async function repository(name = 'seed.db'): Promise<string> {
    git('init', '--quiet');
    const path = join(folder(), name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, 'one');
    return path;
  }

  async function problems(path: string): Promise<(string | null)[]> {
    return (await askGit(path)).map(gitProblem);
  }

  it('says nothing outside of a repository', async () => {
    await writeFile(join(folder(), 'seed.db'), '');
    assert.deepEqual(await askGit(join(folder(), 'seed.db')), []);
    assert.deepEqual(await askGit(join(folder(), 'no', 'such', 'folder', 'seed.db')), []);
  });

  for (const name of ['seed.db', 'sub folder/a [1]*?#!.db', '#odd.db', '!odd.db', 'ends with a space.db ']) {
    it(`finds ${JSON.stringify(name)} not ignored, and ignores it and what lies beside it`, async () => {
      const path = await repository(name);
      await writeFile(`${path}-wal`, '');
      assert.match((await problems(path)).join(), /is not ignored by git.*-wal is not ignored/);
      const [finding] = await askGit(path);
      assert.ok(finding);
      await ignoreInGit(finding);
      await ignoreInGit(finding);
      assert.deepEqual(await problems(path), [null, null]);
      const lines = (await readFile(join(folder(), '.gitignore'), 'utf8')).trimEnd().split('\n');
      assert.equal(lines.length, 5, 'each rule once');
      await writeFile(`${path}.drain-lock`, '');
      assert.doesNotMatch(git('status', '--porcelain'), /drain-lock/, 'not even while it is drained');
    });
  }

  it('finds what is staged and tracked, and untracks it without deleting the file', async () => {
    const path = await repository();
    await writeFile(join(folder(), '.gitignore'), 'keep.txt');
    git('add', '.');
    assert.match((await problems(path)).join(), /seed\.db is staged/);
    git('commit', '--quiet', '-m', 'database');
    assert.match((await problems(path)).join(), /seed\.db is tracked/);
    const [tracked] = await askGit(path);
    assert.ok(tracked);
    await ignoreInGit(tracked);
    assert.equal((await askGit(path))[0]?.isIgnored, true, 'by the rule, though it is tracked');
    assert.match(await readFile(join(folder(), '.gitignore'), 'utf8'), /^keep\.txt\n\/seed\.db\n/);
    await writeFile(path, 'two');
    await untrackInGit(tracked);
    assert.deepEqual(await problems(path), [null]);
    assert.ok(existsSync(path));
    assert.equal(git('status', '--porcelain', 'seed.db').trim(), 'D  seed.db');
  });

  it('writes rules that mean the name itself', () => {
    assert.equal(ignoreLine('a/b.db'), '/a/b.db');
    assert.equal(ignoreLine('a*[1]?.db '), '/a\\*\\[1\\]\\?.db\\ ');
  });
});
