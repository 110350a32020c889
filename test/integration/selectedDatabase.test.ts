import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { DatabaseState } from '../../src/editor/database/databaseState.ts';
import type { TestAccess } from '../../src/extension.ts';
import { waitUntil } from '../e2e/support/waitUntil.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

describe('the selected database', () => {
  let api: TestAccess;

  before(async () => {
    api = await extensionUnderTest();
    await mkdir(inWorkspace('selection'), { recursive: true });
  });

  after(() => rm(inWorkspace('selection'), { recursive: true, force: true }));

  const stateOf = (check: (state: DatabaseState) => boolean, what: string): Promise<DatabaseState> =>
    waitUntil(what, () => Promise.resolve(api.selected.state), check, 5000);

  it('is looked at when it is selected', async () => {
    const path = await seedDatabaseInWorkspace('selection/one.db');
    const state = await api.selected.select(path);
    assert.equal(state.kind, 'ready');
    assert.equal(state.facts.role, 'seed');
    assert.equal(state.facts.counts.phases, 10);
    assert.equal(state.replaced, false);
  });

  it('is a problem with words where it cannot be read', async () => {
    const text = inWorkspace('selection', 'text.db');
    await writeFile(text, 'not a database at all, but long enough to look at, really long enough to be one');
    const cut = inWorkspace('selection', 'cut.db');
    await writeFile(cut, (await readFile(inWorkspace('selection', 'one.db'))).subarray(0, 5000));
    const cases: readonly (readonly [path: string, code: string])[] = [
      [text, 'not-sqlite'],
      [cut, 'corrupt'],
      [inWorkspace('selection', 'nothing.db'), 'not-found'],
      [inWorkspace('selection'), 'not-a-file'],
    ];
    for (const [path, code] of cases) {
      const state = await api.selected.select(path);
      assert.equal(state.kind, 'problem', path);
      assert.equal(state.error.code, code, path);
      assert.deepEqual(await api.tree.getChildren(), [], path);
    }
  });

  it('names another program’s database as such', async () => {
    const path = inWorkspace('selection', 'cookies.db');
    await writeFile(path, '');
    commit(path, 'CREATE TABLE cookies (name TEXT)');
    const state = await api.selected.select(path);
    assert.equal(state.kind, 'problem');
    assert.equal(state.error.code, 'not-autopack');
  });

  it('is followed when its file goes and comes back', async () => {
    const path = await seedDatabaseInWorkspace('selection/moving.db');
    await api.selected.select(path);
    await rename(path, `${path}.away`);
    const gone = await stateOf(({ kind }) => kind === 'problem', 'the file is seen to be gone');
    assert.equal(gone.kind === 'problem' && gone.error.code, 'not-found');
    await rename(`${path}.away`, path);
    const back = await stateOf(({ kind }) => kind === 'ready', 'the file is seen to be back');
    assert.equal(back.kind === 'ready' && back.replaced, false);
  });

  it('is looked at again where a question found it gone before it was seen to go', async () => {
    const path = await seedDatabaseInWorkspace('selection/away.db');
    await api.selected.select(path);
    await rename(path, `${path}.away`);
    await assert.rejects(api.selected.readFacts(), { code: 'not-found' });
    await rename(`${path}.away`, path);
    await stateOf(({ kind }) => kind === 'ready', 'the file is seen to be back');
  });

  it('is marked when another file takes its place, until a person has looked', async () => {
    const path = await seedDatabaseInWorkspace('selection/replaced.db');
    const other = await seedDatabaseInWorkspace('selection/other.db', { seeded: false });
    await api.selected.select(path);
    await rename(other, path);
    await stateOf((state) => state.kind === 'ready' && state.replaced, 'the replacement is seen');
    await api.selected.readFacts();
    const seen = api.selected.state;
    assert.equal(seen.kind === 'ready' && seen.replaced, false);
  });

  it('answers for the newest choice when choices follow each other fast', async () => {
    const paths = await Promise.all(
      ['a', 'b', 'c'].map((name) => seedDatabaseInWorkspace(`selection/fast-${name}.db`)),
    );
    await Promise.all(paths.map((path) => api.selected.select(path)));
    const { state } = api.selected;
    assert.equal(state.kind, 'ready');
    assert.equal(state.path, paths.at(-1));
    assert.equal(state.facts.path, paths.at(-1));
  });

  it('refuses what needs a database while there is none to read', async () => {
    await api.selected.select(inWorkspace('selection', 'nothing.db'));
    await assert.rejects(api.selected.readFacts(), { code: 'not-found' });
  });
});
