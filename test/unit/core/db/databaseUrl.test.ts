import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatDatabaseUrl,
  parseDatabaseLocation,
  resolveDatabasePaths,
} from '../../../../src/core/db/databaseUrl.ts';
import type { PathStyle } from '../../../../src/core/db/pathStyle.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { anyCharacter } from '../../../support/anyCharacter.ts';

describe('databaseUrl', () => {
  const cases: readonly (readonly [text: string, style: PathStyle, path: string, relative: boolean])[] = [
    ['seed.db', 'posix', 'seed.db', true],
    ['  ./data/seed.db\n', 'posix', './data/seed.db', true],
    ['/srv/seed.db', 'posix', '/srv/seed.db', false],
    ['sqlite:///seed.db', 'posix', 'seed.db', true],
    ['sqlite:///./seed.db', 'posix', './seed.db', true],
    ['sqlite:////srv/seed.db', 'posix', '/srv/seed.db', false],
    ['sqlite+pysqlite:////srv/seed.db', 'posix', '/srv/seed.db', false],
    ['sqlite:////srv/seed.db?mode=ro', 'posix', '/srv/seed.db', false],
    ['SQLite:////srv/seed.db', 'posix', '/srv/seed.db', false],
    ['sqlite:////srv/a@b:c#d.db', 'posix', '/srv/a@b:c#d.db', false],
    ['sqlite:///file:/srv/my%20seed.db?uri=true', 'posix', '/srv/my seed.db', false],
    ['sqlite:///file:///srv/seed.db?mode=ro&uri=true', 'posix', '/srv/seed.db', false],
    ['sqlite:///file:seed.db?uri=true', 'posix', 'seed.db', true],
    ['sqlite:///C:/data/seed.db', 'win32', 'C:/data/seed.db', false],
    ['sqlite:///C:\\data\\seed.db', 'win32', 'C:\\data\\seed.db', false],
    ['sqlite:///file:///C:/data/seed.db?uri=1', 'win32', 'C:/data/seed.db', false],
    ['C:\\data\\seed.db', 'win32', 'C:\\data\\seed.db', false],
    ['\\\\server\\share\\seed.db', 'win32', '\\\\server\\share\\seed.db', false],
    ['\\data\\seed.db', 'win32', '\\data\\seed.db', true],
    ['sqlite:///C:/data/seed.db', 'posix', 'C:/data/seed.db', true],
  ];
  for (const [text, style, path, relative] of cases) {
    it(`reads ${JSON.stringify(text)} on ${style}`, () => {
      assert.deepEqual(parseDatabaseLocation(text, style), { path, relative });
    });
  }

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ['', /empty/],
    [' ', /empty/],
    [':memory:', /in memory/],
    ['sqlite://', /in memory/],
    ['sqlite:///', /in memory/],
    ['sqlite:///:memory:', /in memory/],
    ['sqlite:///file::memory:?uri=true', /in memory/],
    ['sqlite:///file:shared?mode=memory&uri=true', /in memory/],
    ['sqlite://seed.db', /too few slashes/],
    ['sqlite:seed.db', /not a complete/],
    ['postgresql://user:secret@host/autopack', /"postgresql" URL/],
    ['file:///srv/seed.db', /"file" URL/],
    ['file:seed.db', /URL of "file"/],
    ['file:/srv/seed.db', /URL of "file"/],
    ['FILE:seed.db?mode=ro', /URL of "FILE"/],
    ['jdbc:sqlite:seed.db', /URL of "jdbc:sqlite"/],
    ['jdbc:sqlite:/srv/seed.db', /URL of "jdbc:sqlite"/],
    ['jdbc:postgresql://host/db?password=secret', /URL of "jdbc:postgresql"/],
    ['odbc:Driver=SQLite3;Database=seed.db', /URL of "odbc"/],
    ['Data Source=seed.db', /URL of "Data Source"/],
    ['libsql:seed.db', /URL of "libsql"/],
    ['postgresql:host/db', /URL of "postgresql"/],
    ['http:host', /URL of "http"/],
    ['sqlite3:///seed.db', /"sqlite3" URL/],
    ['sqlite3:seed.db', /not a complete/],
    ['sqlite:/seed.db', /not a complete/],
    ['sqlite:\\\\\\seed.db', /not a complete/],
    ['sqlite+pysqlite:seed.db', /not a complete/],
    ['"sqlite:///seed.db"', /in quotes/],
    ["'sqlite:///seed.db'", /in quotes/],
    ['`sqlite:///seed.db`', /in quotes/],
    ['<sqlite:///seed.db>', /in quotes/],
    ['\u201csqlite:///seed.db\u201d', /in quotes/],
    ['"sqlite:///seed.db', /in quotes/],
    ['sqlite:///seed.db"', /in quotes/],
    ['"file:seed.db"', /in quotes/],
    ['DATABASE_URL=sqlite:///seed.db', /an assignment/],
    ['export DATABASE_URL="sqlite:///seed.db"', /an assignment/],
    ['$env:DATABASE_URL = "sqlite:///seed.db"', /an assignment/],
    ['sqlite://:secret@/seed.db', /too few slashes/],
    ['a\0b', /NUL/],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseDatabaseLocation(text, 'posix'),
        (error) =>
          error instanceof UserFacingError && error.code === 'invalid-url' && message.test(error.message),
      );
    });
  }

  it('never repeats the password of a URL it refuses', () => {
    const urls = [
      'postgresql://user:secret@host/autopack',
      'postgresql:user:secret@host/autopack',
      '"postgresql://user:secret@host/autopack"',
      'DATABASE_URL=postgresql://user:secret@host/autopack',
      'jdbc:postgresql://host/db?password=secret',
      'sqlite://:secret@/seed.db',
      'sqlite:/:secret@/seed.db',
      'sqlite+pysqlcipher://:secret@/seed.db',
    ];
    for (const url of urls) {
      assert.throws(
        () => parseDatabaseLocation(url, 'posix'),
        (error) =>
          error instanceof UserFacingError && !`${error.message}${error.nextStep}`.includes('secret'),
        url,
      );
    }
  });

  it('goes up behind a link to the parent of where it leads, as the system does', () => {
    const real = (folder: string): string => folder.replace('/srv/link', '/data/deep/folder');
    const resolve = (text: string): string[] => resolveDatabasePaths(text, '/srv', 'posix', real);
    assert.deepEqual(resolve('link/../x.db'), ['/data/deep/x.db']);
    assert.deepEqual(resolve('link/../../x.db'), ['/data/x.db']);
    assert.deepEqual(resolve('sqlite:///link/sub/../x.db'), ['/data/deep/folder/x.db']);
    assert.deepEqual(resolve('sqlite:////srv/link/../x.db'), ['/data/deep/x.db']);
    assert.deepEqual(resolve('link/x.db'), ['/srv/link/x.db']);
    assert.deepEqual(resolveDatabasePaths('link\\..\\x.db', 'C:\\srv', 'win32', real), ['C:\\srv\\x.db']);
  });

  const resolved: readonly (readonly [text: string, base: string, style: PathStyle, path: string])[] = [
    ['sqlite:///seed.db', '/srv/project', 'posix', '/srv/project/seed.db'],
    ['../seed.db', '/srv/project/', 'posix', '/srv/seed.db'],
    ['/srv//a/./b/../seed.db', '/elsewhere', 'posix', '/srv/a/seed.db'],
    ['../../../seed.db', '/srv', 'posix', '/seed.db'],
    ['a\\b.db', '/srv', 'posix', '/srv/a\\b.db'],
    ['sqlite:///data/seed.db', 'C:\\project', 'win32', 'C:\\project\\data\\seed.db'],
    ['sqlite:///D:/data/../seed.db', 'C:\\project', 'win32', 'D:\\seed.db'],
    ['\\seed.db', 'C:\\project', 'win32', 'C:\\seed.db'],
    ['C:seed.db', 'C:\\project', 'win32', 'C:\\project\\seed.db'],
    ['D:seed.db', 'C:\\project', 'win32', 'D:\\seed.db'],
    ['..\\seed.db', '\\\\server\\share\\project', 'win32', '\\\\server\\share\\seed.db'],
    ['..\\..\\..\\seed.db', '\\\\server\\share\\project', 'win32', '\\\\server\\share\\seed.db'],
    ['\\seed.db', '\\\\server\\share\\project', 'win32', '\\\\server\\share\\seed.db'],
  ];
  for (const [text, base, style, path] of resolved) {
    it(`resolves ${JSON.stringify(text)} in ${base}`, () => {
      assert.deepEqual(resolveDatabasePaths(text, base, style), [path]);
    });
  }

  it('names both readings of a percent escape, on which versions of SQLAlchemy differ', () => {
    const paths = resolveDatabasePaths('sqlite:///my%20seed.db', '/srv', 'posix');
    assert.deepEqual(paths, ['/srv/my%20seed.db', '/srv/my seed.db']);
    assert.deepEqual(resolveDatabasePaths('my%20seed.db', '/srv', 'posix'), ['/srv/my%20seed.db']);
    assert.deepEqual(resolveDatabasePaths('sqlite:///100%.db', '/srv', 'posix'), ['/srv/100%.db']);
  });

  it('writes the forms SQLAlchemy understands', () => {
    assert.equal(formatDatabaseUrl('/srv/seed.db'), 'sqlite:////srv/seed.db');
    assert.equal(formatDatabaseUrl('C:\\data\\seed.db'), 'sqlite:///C:/data/seed.db');
    assert.equal(formatDatabaseUrl('\\\\server\\share\\seed.db'), 'sqlite://///server/share/seed.db');
    assert.equal(formatDatabaseUrl('/srv/why?.db'), 'sqlite:///file:/srv/why%3F.db?uri=true');
  });

  const nameOf = (forbidden: RegExp) =>
    fc
      .string({ unit: anyCharacter, minLength: 1 })
      .filter((name) => !forbidden.test(name) && name !== '.' && name !== '..');

  it('reads back every POSIX path it wrote', () => {
    const path = fc
      .array(nameOf(/[/\0]/), { minLength: 1, maxLength: 5 })
      .map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(path, (absolute) => {
        assert.equal(resolveDatabasePaths(formatDatabaseUrl(absolute), '/elsewhere', 'posix')[0], absolute);
      }),
      { examples: [['/a"'], ['/a\u201d'], ['/a\n'], ['/a b '], ['/a?"'], ["/a%22'"]] },
    );
  });

  it('reads back every Windows path it wrote', () => {
    const path = fc
      .tuple(
        fc.constantFrom('C:', 'z:', '\\\\server\\share'),
        fc.array(nameOf(/[\\/:*?"<>|\0]/), { minLength: 1, maxLength: 5 }),
      )
      .map(([root, parts]) => `${root}\\${parts.join('\\')}`)
      .filter((text) => text === text.trim());
    fc.assert(
      fc.property(path, (absolute) => {
        assert.equal(
          resolveDatabasePaths(formatDatabaseUrl(absolute), 'D:\\elsewhere', 'win32')[0],
          absolute,
        );
      }),
    );
  });
});
