import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { type Diagnosis, diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a database that a killed drain left locked', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  async function findings(world: GuardWorld, path: string): Promise<Diagnosis['findings']> {
    const subject = { path, folders: [folder()], environment: {}, apiUrls: [], staleBefore: 0 };
    return (await diagnose(subject, world.diagnosing)).findings;
  }

  /** Leaves the lock as a process does that is killed. */
  async function leaveLock(path: string, sessionId: string | null): Promise<void> {
    const lock = await acquireDrainLock(path, 0);
    if (sessionId !== null) await lock.nameSession(sessionId);
    const content = JSON.parse(await readFile(`${path}.drain-lock`, 'utf8')) as object;
    await lock.release();
    await writeFile(`${path}.drain-lock`, JSON.stringify({ ...content, pid: 2 ** 30 }));
  }

  it('is told of with the session to resume', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await leaveLock(path, 'batch-drain-20260102-030405');
    assert.deepEqual(
      (await findings(world, path)).filter(({ code }) => code === 'drain-killed'),
      [
        {
          about: 'batch-drain-20260102-030405',
          code: 'drain-killed',
          message:
            'A drain was killed (process 1073741824, session batch-drain-20260102-030405): its last phase may be left EXECUTING.',
          nextStep:
            'Resume it (drain --resume batch-drain-20260102-030405): that checks the result of the phase.',
          sessionId: 'batch-drain-20260102-030405',
        },
      ],
    );
  });

  it('is told of with its lock where no session had begun', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await leaveLock(path, null);
    const [found] = (await findings(world, path)).filter(({ code }) => code === 'lock-left');
    assert.match(found?.message ?? '', /since 1970-01-01T00:00:00.000Z has died \(process 1073741824\)/);
    assert.match(found?.nextStep ?? '', /the next drain takes over.*seed\.db\.drain-lock/);
  });

  it('is not spoken of while the drain is at work, nor after its end', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const lock = await acquireDrainLock(path, 0);
    assert.deepEqual(await findings(world, path), []);
    await lock.release();
    assert.deepEqual(await findings(world, path), []);
  });
});
