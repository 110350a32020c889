import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drain } from '../../../../src/core/drain/drain.ts';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { SessionFiles } from '../../../../src/node/drain/sessionStore.ts';
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

  it('loads a session of Autopack, and says what is none', async () => {
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

  /** As Autopack's controller does: it reads the file, appends what it drained, and writes it anew. */
  async function goOnElsewhere(id: string, change: object, phaseId?: string): Promise<void> {
    const path = join(sessions(), `${id}.json`);
    const session = JSON.parse(await readFile(path, 'utf8')) as { results: object[] };
    const [first] = session.results;
    const timestamp = '2026-01-02T04:00:00.123456+00:00';
    const added = { ...first, phase_id: phaseId, timestamp, subprocess_stdout_excerpt: 'as it wrote it' };
    const results = phaseId === undefined ? session.results : [...session.results, added];
    await writeFile(
      path,
      JSON.stringify({ ...session, results, total_processed: results.length, ...change }),
    );
  }

  async function stopAfterOne(world: DrainWorld): Promise<string> {
    const ports = { ...world.ports(), sessions: new SessionFiles(folder()) };
    world.ports = () => ports;
    return (await world.drain({ maxTokens: 1 })).sessionId ?? '';
  }

  function resume(world: DrainWorld, id: string, request: DrainRequest): Promise<DrainSummary> {
    const target = { databasePath: '/repo/seed.db', workspaceFolder: folder() };
    const ports = { ...world.ports(), sessions: new SessionFiles(folder()) };
    return drain(
      { options: request, ...target, resume: id },
      ports,
      new AbortController().signal,
      () => undefined,
    );
  }

  it("goes on from what Autopack's controller has done meanwhile, and keeps its record as it is", async () => {
    const world = new DrainWorld(phasesNamed(3), completes);
    const id = await stopAfterOne(world);
    world.change(world.find('p2'), 'COMPLETE');
    await goOnElsewhere(id, {}, 'p2');
    const { facts } = await new SessionFiles(folder()).load(id);
    assert.deepEqual(
      facts?.results.map(({ phaseId }) => phaseId),
      ['p1', 'p2'],
    );
    const summary = await resume(world, id, { maxTokens: 1000 });
    assert.deepEqual(world.executed, ['run/p1', 'run/p3']);
    assert.deepEqual([summary.processed, summary.succeeded], [3, 3]);
    const { session } = await new SessionFiles(folder()).load(id);
    assert.deepEqual(session.results.map(({ phase_id }) => phase_id).sort(), ['p1', 'p2', 'p3']);
    const kept = session.results.find(({ phase_id }) => phase_id === 'p2');
    assert.equal(kept?.timestamp, '2026-01-02T04:00:00.123456+00:00');
    assert.equal(kept.subprocess_stdout_excerpt, 'as it wrote it');
    const again = await new SessionFiles(folder()).load(id);
    assert.equal(again.facts?.results.length, 3, 'none of them is counted twice');
  });

  it("takes a session as complete that Autopack's controller has completed", async () => {
    const world = new DrainWorld(phasesNamed(3), completes);
    const id = await stopAfterOne(world);
    await goOnElsewhere(id, { completed_at: '2026-01-02T04:00:01+00:00' }, 'p2');
    const { facts } = await new SessionFiles(folder()).load(id);
    assert.equal(facts?.status, 'complete');
    assert.match(facts.stop?.message ?? '', /controller .* completed it/);
    await rejectsWith('invalid-argument', resume(world, id, {}));
  });

  it('stops, and overwrites nothing, where another program writes the session as well', async () => {
    const world = new DrainWorld(phasesNamed(4), async (phase, its, signal) => {
      const id = its.progress.flatMap((each) => (each.kind === 'session-started' ? [each.sessionId] : []))[0];
      if (phase.phaseId === 'p2') await goOnElsewhere(id ?? '', { total_failed: 77 });
      return completes(phase, its, signal);
    });
    const ports = { ...world.ports(), sessions: new SessionFiles(folder()) };
    world.ports = () => ports;
    const summary = await world.drain();
    assert.equal(summary.stop.kind, 'failed');
    assert.match(summary.stop.message, /Another program goes on with the session/);
    assert.deepEqual(world.executed, ['run/p1', 'run/p2']);
    const { session, facts } = await new SessionFiles(folder()).load(summary.sessionId ?? '');
    assert.equal(session.total_failed, 77);
    assert.equal(facts?.results.length, 2, 'our own file holds what was done');
  });
});
