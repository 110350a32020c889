import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diagnose } from '../../../src/node/maintenance/diagnose.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const migrates = { 'src/autopack/config.py': 'os.getenv("AUTOPACK_DB_BOOTSTRAP")' };
const table = 'CREATE TABLE alembic_version (version_num TEXT)';

const cases: readonly {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly sql?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly finds: RegExp | null;
}[] = [
  { name: 'no Autopack is there', finds: null },
  { name: 'an older Autopack is there', files: { 'src/autopack/config.py': 'x = 1' }, finds: null },
  {
    name: 'the Autopack there migrates',
    files: migrates,
    finds: /was made without migrations \(no alembic_version\).*"table \.\.\. already exists"/,
  },
  { name: 'the table is empty', files: migrates, sql: table, finds: /has no migration version/ },
  {
    name: 'it is at a version',
    files: migrates,
    sql: `${table}; INSERT INTO alembic_version VALUES ('a1')`,
    finds: null,
  },
  {
    name: 'it is told to add tables',
    files: migrates,
    environment: { AUTOPACK_DB_BOOTSTRAP: '1' },
    finds: null,
  },
];

describe('a database that Alembic has not made', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  for (const { name, files = {}, sql, environment = {}, finds } of cases) {
    it(`${finds === null ? 'is no issue' : 'is an issue'} where ${name}`, async () => {
      const world = new GuardWorld(folder(), reader());
      const path = await world.make('seed.db');
      if (sql !== undefined) meddle(path, sql);
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder(), file)), { recursive: true });
        await writeFile(join(folder(), file), text);
      }
      const subject = { path, folders: [folder()], environment, apiUrls: [], asksGit: false, staleBefore: 0 };
      const { findings } = await diagnose(subject, world.diagnosing);
      const found = findings.filter(({ code }) => code === 'no-migrations');
      assert.equal(found.length, finds === null ? 0 : 1);
      if (finds === null) return;
      assert.match(found[0]?.message ?? '', finds);
      assert.match(found[0]?.nextStep ?? '', /AUTOPACK_DB_BOOTSTRAP=1/);
    });
  }
});
