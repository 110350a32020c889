import assert from 'node:assert/strict';
import type { PathStyle } from '../../../../src/core/db/pathStyle.ts';
import {
  databaseVariables,
  environmentValue,
  namingVariables,
  otherSpellings,
} from '../../../../src/core/identity/databaseSource.ts';
import { executorEnvironment } from '../../../../src/node/drain/executors.ts';

/** A variable that leads Autopack, SQLAlchemy or git elsewhere, and where its name is one. */
const elsewhere: readonly (readonly [name: string, styles: readonly PathStyle[]])[] = [
  ['DATABASE_URL', ['posix', 'win32']],
  ['database_url', ['posix', 'win32']],
  ['Database_Url', ['posix', 'win32']],
  ['DATABASE_URL_FILE', ['posix', 'win32']],
  ['database_url_file', ['posix', 'win32']],
  ['Database_Url_File', ['posix', 'win32']],
  ['AUTOPACK_API_URL', ['posix', 'win32']],
  ['Autopack_Api_Url', ['win32']],
  ['PythonPath', ['win32']],
  ['telemetry_db_enabled', ['win32']],
  ['Node_Options', ['win32']],
  ...[
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_COMMON_DIR',
    'GIT_OBJECT_DIRECTORY',
    'GIT_ALTERNATE_OBJECT_DIRECTORIES',
    'GIT_NAMESPACE',
    'GIT_PREFIX',
    'GIT_CEILING_DIRECTORIES',
    'GIT_QUARANTINE_PATH',
    'GIT_CONFIG',
    'GIT_CONFIG_PARAMETERS',
    'GIT_CONFIG_COUNT',
    'GIT_CONFIG_KEY_0',
    'GIT_CONFIG_VALUE_17',
    'GIT_SHALLOW_FILE',
    'GIT_GRAFT_FILE',
    'GIT_REPLACE_REF_BASE',
    'GIT_LITERAL_PATHSPECS',
    'GIT_EXTERNAL_DIFF',
  ].map((name) => [name, ['posix', 'win32']] as const),
  ['git_dir', ['win32']],
];

describe('the environment of a child process', () => {
  for (const [name, styles] of elsewhere) {
    for (const style of styles) {
      it(`does not hand on ${name} on ${style}`, () => {
        const inherited = { PATH: '/bin', [name]: 'elsewhere' };
        const environment = executorEnvironment('/data/right.db', undefined, inherited, style);
        assert.ok(!Object.values(environment).includes('elsewhere'));
        assert.equal(environment.PATH, '/bin');
        const named = namingVariables(Object.entries(environment), style);
        assert.deepEqual(named, [{ name: 'DATABASE_URL', kind: 'url', value: 'sqlite:////data/right.db' }]);
      });
    }
  }

  it('keeps what a person configured for git and Autopack', () => {
    const kept = {
      GIT_AUTHOR_NAME: 'a',
      GIT_SSH_COMMAND: 'b',
      GIT_CONFIG_GLOBAL: 'c',
      AUTOPACK_ENV: 'd',
      MY_DATABASE_URL: 'e',
      autopack_api_url: 'f',
    };
    const environment = executorEnvironment('/data/right.db', undefined, kept, 'posix');
    for (const [name, value] of Object.entries(kept)) assert.equal(environment[name], value);
  });

  it('has the file variable, empty: a .env cannot bring it back', () => {
    const environment = executorEnvironment('/data/right.db', undefined, {}, 'posix');
    assert.equal(environment.DATABASE_URL_FILE, '');
  });
});

describe('databaseVariables', () => {
  const url = 'sqlite:////a.db';

  it('finds what names a database, in the order Autopack prefers', () => {
    const variables = [
      ['database_url', 'c'],
      ['DATABASE_URL', 'b'],
      ['DATABASE_URL_FILE', 'a'],
      ['database_url_file', 'x'],
      ['DATABASE_URLS', 'x'],
      ['Database_Url', ' '],
      ['DATABASE_Url', null],
    ] as const;
    const names = (style: PathStyle): string[] => namingVariables(variables, style).map(({ name }) => name);
    assert.deepEqual(names('posix'), ['DATABASE_URL_FILE', 'DATABASE_URL', 'database_url']);
    assert.deepEqual(names('win32'), [
      'DATABASE_URL_FILE',
      'database_url_file',
      'DATABASE_URL',
      'database_url',
    ]);
  });

  it('replaces other spellings where nothing can be taken away, as in terminals', () => {
    const inherited = { database_url: 'x', Database_Url_File: 'y', DATABASE_URL: 'z', OTHER: 'o' };
    assert.deepEqual(databaseVariables(url), { DATABASE_URL: url, DATABASE_URL_FILE: '' });
    assert.deepEqual(otherSpellings(url, inherited), { database_url: url, Database_Url_File: '' });
  });

  it('reads a variable in any case on Windows alone', () => {
    assert.equal(environmentValue({ Database_Url: 'a' }, 'DATABASE_URL', 'win32'), 'a');
    assert.equal(environmentValue({ Database_Url: 'a' }, 'DATABASE_URL', 'posix'), undefined);
    assert.equal(environmentValue({ DATABASE_URL: 'a' }, 'DATABASE_URL', 'posix'), 'a');
  });
});
