import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { type ExampleCall, ExampleRepository, runId } from './exampleRepository.ts';

const phase = 'telemetry-p1-string-util';

interface Refusal {
  readonly what: string;
  readonly call?: ExampleCall;
  readonly phaseId?: string;
  readonly message: RegExp;
  readonly prepare?: (repository: ExampleRepository) => void;
}

const url = (path: string): ExampleCall => ({ env: { DATABASE_URL: path } });
const args = (...given: string[]): ExampleCall => ({ args: given });
const inState = (state: string) => (repository: ExampleRepository) => {
  repository.query(`UPDATE phases SET state = ?`, state);
};

const refusals: readonly Refusal[] = [
  { what: 'an unknown run', call: { runId: 'nowhere' }, message: /no run nowhere/ },
  { what: 'an unknown phase', phaseId: 'nothing', message: /no phase nothing/ },
  { what: 'a COMPLETE phase', prepare: inState('COMPLETE'), message: /is COMPLETE/ },
  { what: 'an EXECUTING phase', prepare: inState('EXECUTING'), message: /is EXECUTING/ },
  { what: 'a phase in a state nobody knows', prepare: inState('PAUSED'), message: /is PAUSED/ },
  {
    what: 'a FAILED phase without --force',
    prepare: inState('FAILED'),
    call: args('--run-id', runId, '--phase-id', phase),
    message: /--force/,
  },
  { what: 'no DATABASE_URL', call: url(''), message: /DATABASE_URL is not set/ },
  { what: 'a URL of another kind', call: url('postgresql://host/db'), message: /not a sqlite:\/\/\/ URL/ },
  { what: 'a file that is not there', call: url('sqlite:///other.db'), message: /no database/ },
  {
    what: 'a folder',
    call: url('sqlite:///folder.db'),
    prepare: ({ folder }) => mkdirSync(join(folder, 'folder.db')),
    message: /cannot be opened/,
  },
  {
    what: 'a file that is no database',
    call: url('sqlite:///notes.db'),
    prepare: ({ folder }) => writeFileSync(join(folder, 'notes.db'), 'nothing of the kind '.repeat(99)),
    message: /cannot be opened as a SQLite database/,
  },
  {
    what: 'an empty file',
    call: url('sqlite:///empty.db'),
    prepare: ({ folder }) => writeFileSync(join(folder, 'empty.db'), ''),
    message: /not an Autopack database/,
  },
  {
    what: 'the database of another program',
    call: url('sqlite:///songs.db'),
    prepare: ({ folder }) => {
      const database = new DatabaseSync(join(folder, 'songs.db'));
      database.exec('CREATE TABLE songs (title TEXT)');
      database.close();
    },
    message: /not an Autopack database/,
  },
  { what: 'no phase', call: args('--run-id', runId), message: /--phase-id are needed/ },
  { what: 'an argument it does not know', call: args('--run', runId), message: /--run/ },
  {
    what: 'an outcome it cannot play',
    call: { env: { AUTOPACK_EXAMPLE_OUTCOME: 'explode' } },
    message: /complete, fail, hang, silent/,
  },
  {
    what: 'a delay that is no number',
    call: { env: { AUTOPACK_EXAMPLE_DELAY_MS: 'soon' } },
    message: /milliseconds/,
  },
];

describe('the example executor refuses, changing nothing,', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();

  for (const { what, call, phaseId = phase, message, prepare } of refusals) {
    it(what, async () => {
      const repository = await ExampleRepository.seeded(folder());
      prepare?.(repository);
      const files = contents(repository.folder);

      const { code, stdout, stderr } = await repository.run(phaseId, call);

      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr);
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, 'one line');
      assert.deepEqual(contents(repository.folder), files);
    });
  }
});

/** Every file of the folder with its bytes. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name), 'base64')]));
}
