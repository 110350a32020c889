import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import { listPhases, type PhaseList } from '../../../../src/core/queries/listPhases.ts';
import { searchPhases, type FoundPhases } from '../../../../src/core/queries/searchPhases.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('searching phases', () => {
  const folder = temporaryFolder();
  let path: string;
  let database: DatabaseSync;

  beforeEach(() => {
    path = join(folder(), 'search.db');
    database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT);
      CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, name TEXT, state TEXT,
        description TEXT, scope TEXT, last_failure_reason TEXT, task_category TEXT);
      INSERT INTO runs VALUES ('build-1', 'DONE'), ('build-2', 'DONE');
      INSERT INTO phases VALUES
        (1, 'build-1', 'auth-login', 'Log in', 'FAILED', 'A page', '{"deliverables":["src/login.py"]}', 'Timeout of GPT', 'backend'),
        (2, 'build-1', 'parser', 'Parse', 'COMPLETE', 'Reads what auth-login gives', NULL, NULL, 'tests'),
        (3, 'build-2', 'auth-login', 'Log in', 'queued', NULL, NULL, NULL, NULL);
    `);
  });

  afterEach(() => database.close());

  async function search(text: string, limit = 10): Promise<FoundPhases> {
    const reader = await openSnapshots(path);
    const { value } = await reader.read({
      key: text,
      run: (context) => searchPhases(context, { text, limit }),
    });
    reader.close();
    return value;
  }

  const rows = ({ phases }: FoundPhases): number[] => phases.map(({ rowId }) => rowId);

  it('finds every text of a phase, whatever its case, names first and the newest first', async () => {
    assert.deepEqual(rows(await search('AUTH-login')), [3, 1, 2]);
    assert.deepEqual(rows(await search('login.PY')), [1]);
    assert.deepEqual(rows(await search('gpt')), [1]);
    assert.deepEqual(rows(await search('build-2')), [3]);
    assert.deepEqual(rows(await search('backend')), [1]);
    assert.deepEqual(rows(await search('nowhere')), []);
  });

  it('wants every word, wherever it is', async () => {
    assert.deepEqual(rows(await search('  login  build-1 ')), [2, 1]);
    assert.deepEqual(rows(await search('parser timeout')), []);
    // Never across the end of one phase and the beginning of the next.
    assert.deepEqual(rows(await search('backend\nparser')), []);
  });

  it('tells how many there are besides those it gives, and finds nothing for no text', async () => {
    const found = await search('build', 1);
    assert.deepEqual([rows(found), found.total], [[3], 3]);
    assert.deepEqual(await search('   '), { phases: [], total: 0 });
  });

  it('sees what was committed after it kept the texts', async () => {
    const reader = await openSnapshots(path);
    const ask = async (text: string): Promise<number[]> => {
      const run = (context: Parameters<typeof searchPhases>[0]): FoundPhases =>
        searchPhases(context, { text, limit: 10 });
      return rows((await reader.read({ key: text, run })).value);
    };
    assert.deepEqual(await ask('renamed'), []);
    database.exec(`UPDATE phases SET name = 'Renamed' WHERE id = 2`);
    assert.deepEqual(await ask('renamed'), [2]);
    reader.close();
  });

  it('lists phases of any run by state, the newest rows first, or those of given keys', async () => {
    const reader = await openSnapshots(path);
    const list = async (states: readonly string[], phaseId: string | null): Promise<PhaseList> => {
      const keys = phaseId === null ? null : ['build-1', 'build-2'].map((runId) => ({ runId, phaseId }));
      const question = { filter: { ...anyPhase, states }, keys, limit: 1 };
      return (await reader.read({ key: JSON.stringify(question), run: (own) => listPhases(own, question) }))
        .value;
    };
    const ids = ({ phases, total }: PhaseList): unknown => [phases.map(({ rowId }) => rowId), total];
    assert.deepEqual(ids(await list(['QUEUED', 'FAILED'], null)), [[3], 2]);
    assert.deepEqual(ids(await list([], 'auth-login')), [[3], 2]);
    assert.deepEqual(ids(await list(['COMPLETE'], 'auth-login')), [[], 0]);
    reader.close();
  });
});
