import assert from 'node:assert/strict';
import { chmod, link, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnsweredFile } from '../../../../src/core/builders/answerFormat.ts';
import { listCheckpoints, readCheckpoint } from '../../../../src/node/builders/checkpoint.ts';
import { DeliverableFiles } from '../../../../src/node/builders/deliverableFiles.ts';
import { changedPaths, folderSnapshot } from '../../../support/folderSnapshot.ts';
import { phaseBrief } from '../../../support/phaseBrief.ts';
import { planted } from '../../../support/plantedFile.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { attemptFolder, sessionId } from '../../../support/builders/attemptFolder.ts';

const brief = phaseBrief({ deliverables: ['src/a.py', 'docs/new/b.md'], paths: ['lib/'] });
const answer: readonly AnsweredFile[] = [
  { path: 'src/a.py', content: 'new = 1\n' },
  { path: 'docs/new/b.md', content: '# B\n' },
];

describe('The files of a phase', () => {
  const around = temporaryFolder();
  let workspace = '';
  let files = new DeliverableFiles('');
  let attempt = '';

  beforeEach(async () => {
    workspace = join(around(), 'workspace');
    await mkdir(join(workspace, 'src'), { recursive: true });
    await mkdir(join(workspace, 'lib'));
    await writeFile(join(workspace, 'src/a.py'), 'old = 1\r\n\xff', { mode: 0o640, encoding: 'latin1' });
    await writeFile(join(around(), 'outside.txt'), 'outside\n');
    files = new DeliverableFiles(workspace);
    attempt = attemptFolder(workspace, 1);
  });

  /** Without what is ours. */
  const snapshot = (): Map<string, string> =>
    folderSnapshot(around(), (path) => path === 'workspace/.autonomous_runs');
  const refusal = async (path: string): Promise<string> => {
    const { refused } = await files.plan(brief, [{ path, content: 'x\n' }]);
    assert.equal(refused.length, 1, `${path} is not refused`);
    return refused[0]?.reason ?? '';
  };

  it('are shown as they are and as they become, and written just so', async () => {
    const plan = await files.plan(brief, answer);
    assert.deepEqual(plan.refused, []);
    assert.deepEqual(plan.proposal.files, [
      { path: 'src/a.py', before: 'old = 1\r\n\ufffd', after: 'new = 1\n' },
      { path: 'docs/new/b.md', before: null, after: '# B\n' },
    ]);
    const before = snapshot();
    assert.deepEqual(await files.existing(brief), [true, false]);
    await files.write(plan, attempt);
    assert.equal(await readFile(join(workspace, 'src/a.py'), 'utf8'), 'new = 1\n');
    assert.equal((await stat(join(workspace, 'src/a.py'))).mode & 0o777, 0o640);
    assert.deepEqual(changedPaths(before, snapshot()), [
      'workspace/docs',
      'workspace/docs/new',
      'workspace/docs/new/b.md',
      'workspace/src/a.py',
    ]);
    assert.deepEqual(await files.existing(brief), [true, true]);
  });

  it('are put back byte for byte, folders too, and once', async () => {
    const before = snapshot();
    await files.write(await files.plan(brief, answer), attempt);
    const checkpoint = await readCheckpoint(workspace, attempt);
    assert.deepEqual(
      checkpoint?.files.map((each) => each.after.text),
      ['new = 1\n', '# B\n'],
    );
    assert.deepEqual(
      (await listCheckpoints(workspace, sessionId, brief)).map((each) => each.attemptFolder),
      [attempt],
    );
    assert.deepEqual(await new DeliverableFiles(workspace).restore(attempt), []);
    assert.deepEqual(changedPaths(before, snapshot()), []);
    await writeFile(join(workspace, 'src/a.py'), 'new = 1\n');
    assert.deepEqual(await files.restore(attempt), [], 'it is done once');
    assert.equal(await readFile(join(workspace, 'src/a.py'), 'utf8'), 'new = 1\n');
    assert.notEqual((await readCheckpoint(workspace, attempt))?.restoredAt, null);
  });

  it('are left where somebody has changed them since, and named', async () => {
    await files.write(await files.plan(brief, answer), attempt);
    await writeFile(join(workspace, 'src/a.py'), 'mine\n');
    await writeFile(join(workspace, 'docs/new/mine.md'), 'mine\n');
    assert.deepEqual(await files.restore(attempt), ['src/a.py']);
    assert.equal(await readFile(join(workspace, 'src/a.py'), 'utf8'), 'mine\n');
    assert.equal(await readFile(join(workspace, 'docs/new/mine.md'), 'utf8'), 'mine\n');
    await assert.rejects(stat(join(workspace, 'docs/new/b.md')), /ENOENT/);
  });

  it('need nothing put back where nothing was written', async () => {
    assert.deepEqual(await files.restore(attempt), []);
    assert.equal(await readCheckpoint(workspace, attempt), null);
  });

  it('are not put back from a checkpoint that names what no attempt writes', async () => {
    await files.write(await files.plan(brief, answer), attempt);
    const path = join(attempt, 'checkpoint.json');
    const text = await readFile(path, 'utf8');
    for (const other of ['.git/hooks/pre-commit', '../outside.txt', '/etc/passwd', '.vscode/settings.json']) {
      await writeFile(path, text.replace('src/a.py', other));
      const before = snapshot();
      await rejectsWith('unreadable', files.restore(attempt));
      assert.deepEqual(changedPaths(before, snapshot()), []);
    }
  });

  it('are written all or none: one refused path, and nothing is touched', async () => {
    const before = snapshot();
    const plan = await files.plan(brief, [...answer, { path: '../outside.txt', content: 'x\n' }]);
    assert.deepEqual(plan.refused, [
      { path: '../outside.txt', reason: '../outside.txt leads out of its folder (..).' },
    ]);
    const error = await rejectsWith('changed', files.write(plan, attempt));
    assert.match(error.message, /outside\.txt/);
    assert.deepEqual(changedPaths(before, snapshot()), []);
    await assert.rejects(files.write({ ...plan, refused: [] }, attempt), /not made by these files/);
  });

  const meanwhile: readonly (readonly [what: string, change: () => Promise<void>])[] = [
    ['a file was changed', () => writeFile(join(workspace, 'src/a.py'), 'mine\n')],
    ['a file was removed', () => rm(join(workspace, 'src/a.py'))],
    [
      'a new file was made',
      async () => {
        await mkdir(join(workspace, 'docs/new'), { recursive: true });
        await writeFile(join(workspace, 'docs/new/b.md'), 'mine\n');
      },
    ],
    [
      'a file became a link',
      async () => {
        await rm(join(workspace, 'src/a.py'));
        await symlink(join(around(), 'outside.txt'), join(workspace, 'src/a.py'));
      },
    ],
    [
      'a new file became a link',
      async () => {
        await mkdir(join(workspace, 'docs/new'), { recursive: true });
        await symlink(join(around(), 'outside.txt'), join(workspace, 'docs/new/b.md'));
      },
    ],
    [
      'a folder became a link',
      async () => {
        await rename(join(workspace, 'src'), join(around(), 'src'));
        await symlink(join(around(), 'src'), join(workspace, 'src'));
      },
    ],
    ['a new folder became a link', () => symlink(around(), join(workspace, 'docs'))],
    ['a new folder became a file', () => writeFile(join(workspace, 'docs'), 'mine\n')],
    [
      'a twin of a new file was made',
      async () => {
        await mkdir(join(workspace, 'docs/new'), { recursive: true });
        await writeFile(join(workspace, 'docs/new/B.md'), 'mine\n');
      },
    ],
    ['a file became read-only', () => chmod(join(workspace, 'src/a.py'), 0o444)],
  ];
  for (const [what, change] of meanwhile) {
    it(`are left where ${what} after they were shown`, async () => {
      const plan = await files.plan(brief, answer);
      await change();
      const before = snapshot();
      const error = await rejectsWith('changed', files.write(plan, attempt));
      assert.match(error.message, /^No file was written: (?:src\/a\.py|docs\/new\/b\.md) /);
      assert.deepEqual(changedPaths(before, snapshot()), []);
    });
  }

  for (const { kind, plant } of planted) {
    it(`are neither read nor written where ${kind} lies`, async function () {
      if (process.platform !== 'linux') skipBecause(this, 'only Linux has all of these');
      const path = join(workspace, 'lib/x');
      await plant(path);
      const before = snapshot();
      assert.match(await refusal('lib/x'), /^lib\/x is (?:a symbolic link|a folder|a special file)\.$/);
      if (kind !== 'a folder') assert.match(await refusal('lib/x/y.py'), /lies behind lib\/x, which is/);
      assert.deepEqual(changedPaths(before, snapshot()), []);
    });
  }

  it('are never a database, whatever it is called', async () => {
    await writeFile(join(workspace, 'lib/state.txt'), 'SQLite format 3\0 and pages');
    assert.match(await refusal('lib/state.txt'), /is protected \(a database\)/);
  });

  it('are never twins of what is there', async () => {
    await mkdir(join(workspace, 'lib/Sub'));
    await writeFile(join(workspace, 'lib/Sub/a.py'), 'x\n');
    assert.match(await refusal('lib/sub/a.py'), /differs from Sub, which is there/);
    assert.match(await refusal('lib/Sub/A.py'), /differs from a\.py, which is there/);
  });

  it('leave the other name of a file as it is', async () => {
    await link(join(around(), 'outside.txt'), join(workspace, 'lib/second.txt'));
    await files.write(await files.plan(brief, [{ path: 'lib/second.txt', content: 'x\n' }]), attempt);
    assert.equal(await readFile(join(around(), 'outside.txt'), 'utf8'), 'outside\n');
  });

  it('may lie in a workspace that was opened through a link', async () => {
    await symlink(workspace, join(around(), 'by-link'));
    const linked = new DeliverableFiles(join(around(), 'by-link'));
    await linked.write(await linked.plan(brief, answer), attemptFolder(join(around(), 'by-link'), 1));
    assert.equal(await readFile(join(workspace, 'src/a.py'), 'utf8'), 'new = 1\n');
  });
});

describe('The context of a phase', () => {
  const folder = temporaryFolder();

  it('shows what is there of deliverables and named files and folders, and nothing secret', async () => {
    await mkdir(join(folder(), 'src/deep'), { recursive: true });
    for (const [path, text] of [
      ['src/a.py', 'a\n'],
      ['src/b.py', 'b\n'],
      ['src/deep/c.py', 'c\n'],
      ['src/.env', 'KEY=1\n'],
      ['.env', 'KEY=1\n'],
      ['src/x.bin', 'a\0b'],
    ] as const) {
      await writeFile(join(folder(), path), text);
    }
    await symlink('/etc/passwd', join(folder(), 'src/passwd'));
    await symlink('/etc', join(folder(), 'etc'));
    const wanted = phaseBrief({
      deliverables: ['src/a.py', 'new.py'],
      readOnlyContext: ['src/', '.env', 'etc', 'etc/passwd', 'src/passwd', '../x', 'gone.py'],
    });
    const { files, notes } = await new DeliverableFiles(folder()).context(wanted);
    assert.deepEqual(files, [
      { path: 'src/a.py', text: 'a\n', isDeliverable: true },
      { path: 'src/b.py', text: 'b\n', isDeliverable: false },
      { path: 'src/deep/c.py', text: 'c\n', isDeliverable: false },
    ]);
    for (const left of ['.env', 'etc', 'etc/passwd', 'src/passwd', '../x', 'gone.py', 'src/x.bin']) {
      assert.ok(
        notes.some((note) => note.startsWith(`Left out ${left}: it `)),
        `${left}: ${notes.join('\n')}`,
      );
    }
    assert.ok(!JSON.stringify(files).includes('KEY'));
  });

  it('is bounded, the largest files cut first', async () => {
    for (const [name, size] of [
      ['small', 1000],
      ['large', 500_000],
      ['huge', 5_000_000],
    ] as const) {
      await writeFile(join(folder(), `${name}.txt`), 'x'.repeat(size));
    }
    const { files, notes } = await new DeliverableFiles(folder()).context(
      phaseBrief({ readOnlyContext: ['huge.txt', 'small.txt', 'large.txt'] }),
    );
    const lengths = files.map(({ text }) => text.length);
    assert.equal(lengths[1], 1000);
    assert.ok(
      Math.abs((lengths[0] ?? 0) - 59_500) < 30 && Math.abs((lengths[2] ?? 0) - 59_500) < 30,
      String(lengths),
    );
    assert.ok(notes.includes('Cut large.txt to 59,500 of 500,000 characters.'), notes.join('\n'));
  });

  it('is bounded for a folder with very many files', async () => {
    await mkdir(join(folder(), 'many'));
    await Promise.all(
      Array.from({ length: 2500 }, (_, index) => writeFile(join(folder(), `many/${index}.txt`), 'x')),
    );
    const { files, notes } = await new DeliverableFiles(folder()).context(
      phaseBrief({ readOnlyContext: ['many'] }),
    );
    assert.equal(files.length, 100);
    assert.deepEqual(notes, ['Left out all but the first 100 context files.']);
  });
});
