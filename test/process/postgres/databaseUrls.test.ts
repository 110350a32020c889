import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CanaryVerdicts } from '../../../src/node/identity/askApiServer.ts';
import { ConfirmedSourceFile } from '../../../src/node/identity/confirmedSourceFile.ts';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { users } from '../../support/postgres/postgresServer.ts';
import { serverWorld, type ServerWorld } from '../../support/postgres/serverWorld.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { createBacklog } from '../../support/smallBacklog.ts';

/** The codes and sentences of what is found while one database is selected. */
async function findings(
  { folder, reader, guard }: ServerWorld,
  path: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly codes: readonly string[]; readonly text: string }> {
  const subject = { path, folders: [folder], environment, apiUrls: [], staleBefore: 0 };
  const own = { verdicts: new CanaryVerdicts(folder), confirmed: new ConfirmedSourceFile(folder) };
  const found = await diagnose(subject, { reader, guard, clock: systemClock, ...own });
  const text = found.findings.map(({ message, nextStep }) => `${message} ${nextStep}`).join('\n');
  return { codes: found.findings.map(({ code }) => code), text };
}

describe('what names a database, and the one that is selected', function () {
  this.timeout(30_000);
  const server = postgresServer();
  const world = serverWorld(server);

  it('agree where DATABASE_URL names it with a password, or with SQLAlchemy’s driver', async () => {
    const path = await world().make('seed');
    const url = server().url('seed');
    for (const same of [
      url,
      url.replace('postgresql:', 'postgresql+psycopg2:'),
      server().url('seed', 'reader'),
    ]) {
      const { codes, text } = await findings(world(), path, { DATABASE_URL: same });
      assert.ok(!codes.includes('drift'), text);
    }
  });

  const others: Readonly<Record<string, (world: ServerWorld) => string>> = {
    'a SQLite file': () => 'sqlite:///autopack.db',
    'another database of the server': ({ server: own }) => own.url('other'),
    'it as another user': ({ server: own }) => own.url('seed', 'reader'),
    'another server': () => 'postgresql://autopack:very-secret@db.example/seed',
  };
  for (const [what, urlOf] of Object.entries(others)) {
    it(`differ where DATABASE_URL names ${what}`, async () => {
      const path = await world().make('seed');
      const { codes, text } = await findings(world(), path, { DATABASE_URL: urlOf(world()) });
      assert.ok(codes.includes('drift'), `${codes.join()}\n${text}`);
      assertNoPassword(text);
    });
  }

  it('differ where a .env names a server and a SQLite file is selected', async () => {
    const path = join(world().folder, 'backlog.db');
    createBacklog(path);
    await writeFile(join(world().folder, '.env'), `DATABASE_URL=${server().url('seed')}\n`);
    const { codes, text } = await findings(world(), path, {});
    assert.ok(codes.includes('drift'), `${codes.join()}\n${text}`);
    assert.match(text, /seed on localhost|postgresql:\/\//);
    assertNoPassword(text);
  });

  it('differ where nothing names one, so that a program takes its default', async () => {
    const path = await world().make('seed');
    const { codes, text } = await findings(world(), path, {});
    assert.notDeepEqual(codes, [], text);
    assert.match(text, /DATABASE_URL/);
  });
});

function assertNoPassword(text: string): void {
  for (const secret of [users.owner.password, encodeURIComponent(users.owner.password), 'very-secret'])
    assert.ok(!text.includes(secret), text);
}
