import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findReasons, traceOfPhase } from '../../../../src/node/drain/failureTraces.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('what executions left behind of phases that failed', () => {
  const folder = temporaryFolder();

  async function leave(path: string, content: unknown): Promise<void> {
    const file = join(folder(), '.autonomous_runs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }

  const session = (id: string, results: readonly object[]): Promise<void> =>
    leave(`batch_drain_sessions/${id}.json`, {
      session_id: id,
      started_at: '2025-12-24T10:00:00+00:00',
      results: results.map((each) => ({
        run_id: 'r',
        phase_id: 'p',
        initial_state: 'FAILED',
        final_state: 'FAILED',
        success: false,
        ...each,
      })),
    });

  const places = (): Parameters<typeof findReasons>[1] => ({
    folders: [folder()],
    databasePath: join(folder(), 'a.db'),
  });
  const key = { runId: 'r', phaseId: 'p' };

  it('is the newest error of a drain session, and its log', async () => {
    await session('batch-drain-20251224-100000', [
      { error_message: 'older', timestamp: '2025-12-24T10:01:00+00:00' },
      { phase_id: 'other', error_message: 'of another phase', timestamp: '2025-12-25T00:00:00+00:00' },
    ]);
    await session('batch-drain-20251225-100000', [
      {
        error_message: 'newer',
        timestamp: '2025-12-25T10:01:00+00:00',
        subprocess_stderr_path: 'logs/p.stderr.txt',
      },
      { success: true, final_state: 'COMPLETE', error_message: null, timestamp: '2025-12-25T10:02:00+00:00' },
    ]);
    assert.deepEqual(await findReasons([key, { runId: 'r', phaseId: 'unheard' }], places()), [
      { ...key, reason: 'newer', source: 'drain-session' },
    ]);
    assert.equal(await traceOfPhase(key, places()), join(folder(), 'logs', 'p.stderr.txt'));
  });

  it("is Autopack's error report, where that is newer, in each of its folders", async () => {
    const report = { run_id: 'r', phase_id: 'p', error_type: 'ValueError', error_message: 'no such tier' };
    await session('batch-drain-20251224-100000', [{ error_message: 'older' }]);
    await leave('r/errors/20251226_100000_api_ValueError.json', {
      ...report,
      timestamp: '2025-12-26T10:00:00+00:00',
    });
    await leave('autopack/runs/family/r/errors/20251227_100000_KeyError.json', {
      ...report,
      error_type: 'KeyError',
      timestamp: '2025-12-27T10:00:00+00:00',
    });
    await leave('r/errors/20251228_100000_torn.json', '{"phase_id": "p", "error_ty');
    assert.deepEqual(await findReasons([key], places()), [
      { ...key, reason: 'KeyError: no such tier', source: 'error-report' },
    ]);
    assert.match((await traceOfPhase(key, places())) ?? '', /KeyError\.json$/);
  });

  it('is never looked for outside of the folder, whatever a run is called', async () => {
    await mkdir(join(folder(), 'errors'), { recursive: true });
    const report = {
      phase_id: 'p',
      error_type: 'E',
      error_message: 'outside',
      timestamp: '2025-12-26T10:00:00Z',
    };
    await writeFile(join(folder(), 'errors', 'x.json'), JSON.stringify(report));
    for (const runId of ['..', '../..', '.', '']) {
      assert.deepEqual(await findReasons([{ runId, phaseId: 'p' }], places()), []);
    }
  });

  it('is nothing where a session says that it drained another database', async () => {
    const id = 'batch-drain-20251224-100000';
    await session(id, [{ error_message: 'of a copy' }]);
    await leave(`batch_drain_sessions/hygiene-${id}.json`, {
      version: 2,
      sessionId: id,
      executor: 'autopack',
      databasePath: join(folder(), 'copy.db'),
      status: 'complete',
      startedAt: 0,
      activeMs: 0,
      stop: null,
      inFlight: null,
      options: {},
      results: [],
    });
    assert.deepEqual(await findReasons([key], places()), []);
    assert.equal(await traceOfPhase(key, places()), null);
  });
});
