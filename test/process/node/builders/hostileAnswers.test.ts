import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatAnswer, parseAnswer } from '../../../../src/core/builders/answerFormat.ts';
import { quoted } from '../../../../src/core/builders/deliverablePaths.ts';
import { DeliverableFiles } from '../../../../src/node/builders/deliverableFiles.ts';
import { askedFile, hostileAnswers, hostileBoundary } from '../../../support/builders/hostileAnswers.ts';
import { hostilePaths } from '../../../support/builders/hostilePaths.ts';
import { changedPaths, folderSnapshot } from '../../../support/folderSnapshot.ts';
import { unsafeCharacter } from '../../../support/hostileTexts.ts';
import { phaseBrief } from '../../../support/phaseBrief.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { skipBecause } from '../../../support/skipBecause.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { attemptFolder } from '../../../support/builders/attemptFolder.ts';

const brief = phaseBrief({ deliverables: [askedFile.path], paths: ['lib/'] });
const inScope = /^workspace\/(?:src\/a\.py$|lib(?:\/|$))/;

describe('A hostile answer', () => {
  const around = temporaryFolder();
  let workspace = '';
  let attempt = '';

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'links need a right of their own there');
  });

  beforeEach(async () => {
    workspace = join(around(), 'workspace');
    attempt = attemptFolder(workspace, 1);
    for (const folder of ['src', 'lib/sub', '.git/hooks', '.vscode', '../outside/sub', '../workspace-2']) {
      await mkdir(join(workspace, folder), { recursive: true });
    }
    for (const path of [
      'src/b.py',
      '.git/config',
      '.vscode/settings.json',
      '../outside/secret.txt',
      '../outside/x',
      'package.json',
      'lib/readonly.py',
    ]) {
      await writeFile(join(workspace, path), `${path} as it was\n`);
    }
    await chmod(join(workspace, 'lib/readonly.py'), 0o444);
    await writeFile(join(workspace, 'lib/state.bin'), 'SQLite format 3\0pages');
    const links = {
      'folder-link': '../../outside',
      'file-link.py': '../../outside/secret.txt',
      'dangling.py': '../../outside/made.txt',
      'self-link.py': 'self-link.py',
      chain: 'folder-link',
      'to-root': '/',
      'absolute.py': join(around(), 'outside/x'),
      'to-git': '../.git',
      'to-vscode': '../.vscode',
    };
    for (const [name, target] of Object.entries(links)) await symlink(target, join(workspace, 'lib', name));
    assert.equal(spawnSync('mkfifo', [join(workspace, 'lib/pipe')]).status, 0);
  });

  const snapshot = (): Map<string, string> =>
    folderSnapshot(around(), (path) => path === 'workspace/.autonomous_runs');

  /** What becomes of an answer: the complaint or refusals as they are told, or `null` where it was written. */
  async function outcomeOf(text: string, deliverables: readonly string[]): Promise<string | null> {
    const answer = parseAnswer(text, hostileBoundary, deliverables);
    if (answer.kind === 'unusable') return answer.complaint;
    const files = new DeliverableFiles(workspace);
    const plan = await files.plan(brief, answer.files);
    if (plan.refused.length === 0) {
      await files.write(plan, attempt);
      return null;
    }
    const error = await rejectsWith('changed', files.write(plan, attempt));
    return [...plan.refused.map(({ reason }) => reason), error.message].join('\n');
  }

  it('is one of at least 200', () => {
    assert.ok(hostileAnswers.length >= 200, `${hostileAnswers.length}`);
    assert.equal(
      new Set(hostileAnswers.map(({ text }) => text)).size,
      hostileAnswers.length,
      'each is another one',
    );
  });

  for (const { report, what, text, expected } of hostileAnswers) {
    it(`${report}: ${JSON.stringify(what.slice(0, 60))}`, async () => {
      const before = snapshot();
      const begun = performance.now();
      const told = await outcomeOf(text, brief.deliverables);
      assert.ok(performance.now() - begun < 5000, 'in a bounded time');
      const changed = changedPaths(before, snapshot());
      if (expected === 'harmless') {
        assert.equal(told, null);
        assert.deepEqual(changed, ['workspace/src/a.py']);
        return;
      }
      assert.deepEqual(changed, []);
      assert.ok(told !== null);
      assert.doesNotMatch(told, unsafeCharacter);
      if ('unusable' in expected) assert.match(told, expected.unusable);
      else assert.ok(told.includes(quoted(expected.refused)), told);
    });
  }

  it('never changes anything outside of its scope, however its path is put together', async function () {
    this.timeout(60_000);
    const known = hostilePaths.flatMap(({ paths }) => paths).flatMap((path) => path.split('/'));
    const segment = fc.oneof(
      fc.constantFrom(...known, 'lib', 'src', '..', '.', 'sub'),
      fc.stringMatching(/^[a-z.]{1,6}$/),
    );
    const path = fc.oneof(
      fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join('/')),
      fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `lib/${segments.join('/')}`),
    );
    const before = snapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(path, { minLength: 1, maxLength: 3 }), async (paths) => {
        const files = paths.map((each) => ({ path: each, content: 'planted\n' }));
        await outcomeOf(formatAnswer(files, hostileBoundary), []);
      }),
      { numRuns: 400 },
    );
    assert.deepEqual(
      changedPaths(before, snapshot()).filter((each) => !inScope.test(each)),
      [],
    );
  });

  it('never changes anything outside of its scope, however it is changed itself', async function () {
    this.timeout(60_000);
    const before = snapshot();
    const edit = fc.record({
      at: fc.nat(400),
      length: fc.nat(12),
      put: fc.constantFrom('', '\n', '/', '..', '.git', ' ', '@@@', hostileBoundary, '\0', 'lib/', '\\'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...hostileAnswers.filter(({ text }) => text.length < 2000)),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        async ({ text }, edits) => {
          await outcomeOf(
            edits.reduce((so, { at, length, put }) => so.slice(0, at) + put + so.slice(at + length), text),
            [],
          );
        },
      ),
      { numRuns: 600 },
    );
    assert.deepEqual(
      changedPaths(before, snapshot()).filter((each) => !inScope.test(each)),
      [],
    );
  });

  it('cannot use a scope that is hostile itself, of 10 MB and more', async () => {
    const entries = [
      '/',
      '..',
      '../',
      '.',
      './',
      '',
      '*',
      '/etc',
      '../outside',
      '.git',
      '.vscode/',
      '\0',
      'x'.repeat(10 << 20),
      ...Array.from({ length: 100_000 }, () => '../outside/'),
    ];
    const hostile = phaseBrief({ deliverables: entries, paths: entries, readOnlyContext: entries });
    const files = new DeliverableFiles(workspace);
    const before = snapshot();
    const begun = performance.now();
    const plan = await files.plan(
      hostile,
      ['../outside/x', '.git/config', '/etc/passwd', 'package.json', 'outside'].map((path) => ({
        path,
        content: 'planted\n',
      })),
    );
    assert.equal(plan.refused.length, 5);
    assert.ok((await files.existing(hostile)).every((isThere) => !isThere));
    assert.deepEqual((await files.context(hostile)).files, []);
    assert.ok(performance.now() - begun < 5000, `${performance.now() - begun} ms`);
    assert.deepEqual(changedPaths(before, snapshot()), []);
  });
});
