import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SessionFiles } from '../../../../src/node/drain/sessionFiles.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('SessionFiles', () => {
  const folder = temporaryFolder();
  const sessions = (): string => join(folder(), '.autonomous_runs', 'batch_drain_sessions');

  it('gives two drains of the same second two ids', async () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5, 600);
    const files = new SessionFiles(folder());
    const places = await Promise.all([
      files.create(now),
      files.create(now),
      new SessionFiles(folder()).create(now),
    ]);
    assert.deepEqual(places.map(({ sessionId }) => sessionId).sort(), [
      'batch-drain-20260102-030405',
      'batch-drain-20260102-030406',
      'batch-drain-20260102-030407',
    ]);
    await writeFile(join(sessions(), 'batch-drain-20260102-030408.json'), '{}');
    assert.equal((await files.create(now)).sessionId, 'batch-drain-20260102-030409');
  });

  it('loads what it saved, and leaves nothing else behind', async () => {
    const world = new DrainWorld(phasesNamed(2), completes);
    const ports = { ...world.ports(), sessions: new SessionFiles(folder()) };
    world.ports = () => ports;
    const summary = await world.drain();
    const id = summary.sessionId ?? '';
    const stored = await ports.sessions.load(id);
    assert.equal(stored.session.total_success, 2);
    assert.equal(stored.facts?.status, 'complete');
    assert.deepEqual((await readdir(sessions())).sort(), [id, `${id}.json`, `hygiene-${id}.json`]);
    const logs = await ports.sessions.logPaths(id, { runId: 'run', phaseId: 'p1' }, 1);
    assert.equal(logs.stdoutPath, join(sessions(), id, 'logs', 'run__p1.stdout.txt'));
  });

  it('loads a session of the reference, and says what is none', async () => {
    const files = new SessionFiles(folder());
    await mkdir(sessions(), { recursive: true });
    await writeFile(
      join(sessions(), 'batch-drain-1.json'),
      '{"session_id": "batch-drain-1", "started_at": "x", "results": []}',
    );
    assert.equal((await files.load('batch-drain-1')).facts, null);
    await writeFile(join(sessions(), 'torn.json'), '{"session_id": "to');
    await rejectsWith('unreadable', files.load('torn'));
    await rejectsWith('not-found', files.load('none'));
  });

  it('says when it may not write', async () => {
    await mkdir(sessions(), { recursive: true });
    await chmod(sessions(), 0o555);
    await asOrdinaryUser(() => rejectsWith('no-permission', new SessionFiles(folder()).create(0)));
    await chmod(sessions(), 0o755);
  });
});
