import assert from 'node:assert/strict';
import { CancelledError, UserFacingError } from '../../src/core/errors.ts';
import type { DatabaseFacts } from '../../src/core/model/databaseFacts.ts';

import { cutText, type DatabaseState } from '../../src/editor/database/databaseState.ts';
import { SelectedDatabase } from '../../src/editor/database/selectedDatabase.ts';
import type { DatabaseReader } from '../../src/protocol/readerProtocol.ts';
import { waitUntil } from '../e2e/support/waitUntil.ts';
import { exampleFacts, examplePostgres } from '../unit/editor/support/examples.ts';

const path = 'postgresql://me@db.example:5432/autopack';
const away = new UserFacingError('unreachable', 'The server cannot be reached.', 'See that it runs.');

const ignore = (): void => undefined;

/** A selection of a database whose server answers as `answer` says. */
class ServerSelection {
  answer: DatabaseFacts | Error = exampleFacts({ path, server: examplePostgres() });
  readonly commits: string[] = [];
  readonly states: DatabaseState[] = [];
  readonly selected: SelectedDatabase;

  constructor() {
    const request = (_path: string, name: string): Promise<unknown> =>
      this.answer instanceof Error
        ? Promise.reject(this.answer)
        : Promise.resolve({
            value: name === 'identity' ? this.answer : { isAutopack: false },
            version: { token: 'one', fileId: this.answer.fileId },
            warnings: [],
          });
    this.selected = new SelectedDatabase({
      // Only two questions are asked here.
      reader: { request, dispose: () => Promise.resolve() } as unknown as DatabaseReader,
      watch: () => ({ dispose: () => undefined }),
      memento: { keys: () => [], get: () => undefined, update: () => Promise.resolve() } as never,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
    this.selected.onDidCommit((committed) => this.commits.push(committed));
    this.selected.onDidChange((state) => this.states.push(state));
  }
}

describe('a selected database whose server does not answer', () => {
  let server: ServerSelection;

  beforeEach(() => {
    server = new ServerSelection();
  });

  afterEach(() => server.selected.dispose());

  it('stays as it was read, says so once, and is back by itself', async () => {
    const { selected } = server;
    await selected.select(path);
    server.answer = away;
    selected.reportProblem(path, away);
    selected.reportProblem(path, away);
    const { state } = selected;
    assert.ok(state.kind === 'ready' && state.cut?.error === away);
    assert.match(cutText(state) ?? '', /^Cannot reach db\.example; showing what was read at \d\d:\d\d$/);
    assert.equal(server.states.filter((each) => each.kind === 'ready').length, 2);
    assert.equal(server.commits.length, 0);
    server.answer = exampleFacts({ path, server: examplePostgres() });
    await waitUntil(
      'the server is asked again',
      () => Promise.resolve(selected.state),
      (each) => each.kind === 'ready' && each.cut === undefined,
      5000,
    );
    assert.deepEqual(server.commits, [path]);
  });

  it('is a problem where nothing was read before, until the server answers', async () => {
    const { selected } = server;
    server.answer = away;
    assert.equal((await selected.select(path)).kind, 'problem');
    server.answer = exampleFacts({ path, server: examplePostgres() });
    await waitUntil(
      'the server is asked again',
      () => Promise.resolve(selected.state),
      ({ kind }) => kind === 'ready',
      5000,
    );
  });

  it('is a problem at once where waiting does not help, and none where somebody cancelled', async () => {
    const { selected } = server;
    await selected.select(path);
    selected.reportProblem(path, new CancelledError('Reading'));
    assert.equal(selected.state.kind, 'ready');
    selected.reportProblem(path, new UserFacingError('no-permission', 'Not you.', 'Ask.'));
    assert.equal(selected.state.kind, 'problem');
  });
});
