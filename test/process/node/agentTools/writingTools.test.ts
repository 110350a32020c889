import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import type { ToolWrites, WriteProposal } from '../../../../src/node/agentTools/agentTool.ts';
import { writingTools } from '../../../../src/node/agentTools/agentTools.ts';
import { ConfirmedSourceFile } from '../../../../src/node/identity/confirmedSourceFile.ts';
import { inEnglish, useTranslations } from '../../../../src/node/system/translations.ts';
import { journalAuthor } from '../../../../src/node/writer/journalAuthor.ts';
import { AgentToolWorld, type ParsedAnswer } from '../../../support/agentTools.ts';
import { seededRun } from '../../../support/guard/everyChange.ts';
import { GuardWorld, meddle, suiteReader } from '../../../support/guard/guardWorld.ts';
import { queryDatabase } from '../../../support/queryDatabase.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const failAll = "UPDATE phases SET state = 'FAILED'";
const longAgo = "'2025-01-01 00:00:00'";
const strand = `UPDATE phases SET state = 'EXECUTING', created_at = ${longAgo}, updated_at = ${longAgo}, started_at = ${longAgo}`;
const lock = [
  'ALTER TABLE autopack_hygiene_identity ADD COLUMN level TEXT',
  "UPDATE autopack_hygiene_identity SET level = 'read-only'",
];

describe('the writing tools for agents', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  let world: GuardWorld;
  let path: string;
  let selected: string;
  let opened: AgentToolWorld | undefined;
  /** What a human is asked for, and what happens while they think. */
  let asked: WriteProposal[] = [];
  let meanwhile: () => unknown = () => undefined;

  beforeEach(async () => {
    world = new GuardWorld(folder(), reader());
    path = await world.make('seed.db');
    selected = path;
    asked = [];
    meanwhile = () => undefined;
  });

  afterEach(async () => {
    await opened?.dispose();
    opened = undefined;
    provideTranslations(() => null);
  });

  function call(name: string, input: object = {}, agrees = true): Promise<ParsedAnswer> {
    const writes: ToolWrites = {
      writer: world.writer,
      author: journalAuthor('command line', 'a test'),
      drain: () => Promise.resolve({}),
      requireHuman: async (proposal) => {
        asked.push(proposal);
        await meanwhile();
        if (!agrees) throw new UserFacingError('needs-consent', 'No.', 'Ask.');
      },
    };
    return open(writes)
      .call(name, input, writingTools)
      .then(({ answer }) => answer);
  }

  const open = (writes: ToolWrites | null): AgentToolWorld =>
    (opened ??= new AgentToolWorld(path, folder(), { databasePath: () => selected, writes }));

  /** What a person is shown before a call, as VS Code asks for it. */
  function propose(name: string, input: object = {}): Promise<WriteProposal> {
    const tool = writingTools.find((each) => each.name === name);
    assert.ok(tool);
    const signal = new AbortController().signal;
    return tool.propose(input, { world: open(null).world, signal, progress: () => undefined });
  }

  const states = (of = path): unknown =>
    queryDatabase(of, 'SELECT DISTINCT state FROM phases').map(({ state }) => state);

  it('tell in each answer which database it is about, also where nothing is done', async () => {
    const { fingerprint } = await world.guard.inspect(path);
    const inputs: Readonly<Record<string, readonly object[]>> = {
      autopack_seed: [{ runId: seededRun }, { run: 'x' }, {}],
      autopack_requeue: [{}, { runId: 'gone' }],
      autopack_mark_stale: [{}, { maxAgeMinutes: 'x' }],
      autopack_drain: [{ runId: 'gone' }, { batchSize: 0 }],
    };
    for (const { name } of writingTools) {
      for (const input of inputs[name] ?? []) {
        const { database } = await call(name, input);
        const { id, role, level: protection } = fingerprint;
        assert.deepEqual(
          [database?.path, database?.id, database?.role, database?.protection],
          [fingerprint.path, id, role, protection],
          `${name} ${JSON.stringify(input)}`,
        );
      }
    }
  });

  it('seed, re-queue and mark stale what a human agreed to, and name the database', async () => {
    const seeded = await call('autopack_seed', { runId: 'another' });
    assert.deepEqual([seeded.runId, seeded.phases, seeded.database?.role], ['another', 10, 'seed']);
    meddle(path, failAll);
    const requeued = await call('autopack_requeue', { runId: 'another' });
    assert.equal(requeued.requeued, 10);
    meddle(path, strand);
    const marked = await call('autopack_mark_stale');
    assert.equal(marked.marked, 20);
    assert.deepEqual(states(), ['FAILED']);
    assert.deepEqual(
      asked.map(({ operation, rows, expected: { level, role } }) => [operation, rows, level, role]),
      [
        ['seed', 10, 'ask', 'seed'],
        ['requeue', 10, 'ask', 'seed'],
        ['mark-stale', 20, 'ask', 'seed'],
      ],
    );
    assert.match(asked[1]?.question ?? '', /Re-queue 10 FAILED of 1 run\?/);
    assert.deepEqual(asked[1]?.command, ['requeue', '--database', path, '--run-id', 'another']);
  });

  it('write nothing without a human', async () => {
    meddle(path, failAll);
    const before = await world.contents();
    assert.equal(
      (await call('autopack_requeue', { runId: 'telemetry-collection-v4' }, false)).error?.code,
      'needs-consent',
    );
    assert.equal((await call('autopack_seed', { runId: 'other' }, false)).error?.code, 'needs-consent');
    assert.deepEqual(await world.contents(), before);
  });

  /** What comes between the consent and the write, or stands against asking at all. */
  const hostile: readonly (readonly [
    name: string,
    tool: string,
    input: object,
    between: () => unknown,
    code: string,
  ])[] = [
    [
      'another file took its place',
      'autopack_requeue',
      { runId: 'telemetry-collection-v4' },
      async () => {
        const other = await world.make('other.db');
        meddle(other, failAll);
        await rename(other, path);
      },
      'other-database',
    ],
    [
      'its id was forged',
      'autopack_requeue',
      { runId: 'telemetry-collection-v4' },
      () => meddle(path, "UPDATE autopack_hygiene_identity SET id = 'forged'"),
      'other-database',
    ],
    [
      'its protection was raised',
      'autopack_requeue',
      { runId: 'telemetry-collection-v4' },
      () => meddle(path, ...lock),
      'protected',
    ],
    [
      'it became a backlog',
      'autopack_seed',
      { runId: 'other' },
      () => meddle(path, "UPDATE autopack_hygiene_identity SET role = 'legacy'"),
      'other-database',
    ],
  ];
  for (const [name, tool, input, between, code] of hostile) {
    it(`write nothing where ${name} after the consent`, async () => {
      meddle(path, failAll);
      let before: unknown;
      meanwhile = async () => {
        await between();
        before = await world.contents();
      };
      assert.equal((await call(tool, input)).error?.code, code);
      assert.deepEqual(await world.contents(), before);
    });
  }

  it('leave rows alone that somebody changed after the consent', async () => {
    meddle(path, failAll);
    meanwhile = () => meddle(path, "UPDATE phases SET state = 'COMPLETE' WHERE id % 2");
    const { requeued, of } = await call('autopack_requeue', { runId: 'telemetry-collection-v4' });
    assert.deepEqual([requeued, of], [5, 10]);
  });

  it('ask nobody about what would be refused', async () => {
    assert.equal(
      (await call('autopack_requeue', { runId: 'telemetry-collection-v4' })).error?.code,
      'not-found',
    );
    assert.equal((await call('autopack_requeue')).error?.code, 'invalid-argument');
    assert.equal((await call('autopack_mark_stale')).error?.code, 'not-found');
    selected = await world.make('backlog.db', 'legacy');
    assert.equal((await call('autopack_seed')).error?.code, 'wrong-role');
    meddle(path, ...lock);
    selected = path;
    assert.equal((await call('autopack_seed', { runId: 'other' })).error?.code, 'protected');
    assert.deepEqual(asked, []);
  });

  it('are shown in the language of people, and agreed to in English', async () => {
    meddle(path, failAll);
    const input = { runId: 'telemetry-collection-v4' };
    const english = await propose('autopack_requeue', input);
    useTranslations({ 'Re-queue {0}? {1}': '{0} erneut? {1}', 'Become QUEUED': 'Neu eingereiht' }, null);
    const german = await propose('autopack_requeue', input);
    assert.match(german.question, /^10 FAILED .*erneut\?/);
    assert.equal(german.plan[0], 'Neu eingereiht:');
    assert.match(english.question, /^Re-queue 10 FAILED of 1 run\?/);
    assert.deepEqual({ ...german, question: '', plan: [] }, { ...english, question: '', plan: [] });
    const called = await inEnglish(() => propose('autopack_requeue', input));
    assert.deepEqual(called, english);
    meddle(path, "UPDATE phases SET state = 'COMPLETE' WHERE id % 2");
    assert.notEqual((await propose('autopack_requeue', input)).digest, german.digest);
  });

  it('are not asked about while it changes between the languages', async () => {
    meddle(path, failAll);
    useTranslations({}, null);
    const { reader: real } = open(null).world;
    const request = real.request.bind(real);
    let selections = 0;
    Object.assign(real, {
      request: (...[at, name, ...rest]: Parameters<typeof request>) => {
        if (name === 'requeueSelection' && ++selections === 2)
          meddle(path, "UPDATE phases SET state = 'COMPLETE' WHERE id % 2");
        return request(at, name, ...rest);
      },
    });
    await assert.rejects(
      propose('autopack_requeue', { runId: 'telemetry-collection-v4' }),
      (error) => error instanceof UserFacingError && error.code === 'changed',
    );
  });

  it('refuse while what names a database changed and no human confirmed it', async () => {
    await writeFile(world.path('.env'), 'DATABASE_URL=sqlite:///seed.db\n');
    const file = new ConfirmedSourceFile(folder());
    await file.beginWith(await file.compare({ sources: [], environment: {}, seesSettings: false }), 1);
    const { error } = await call('autopack_seed', { runId: 'other' });
    assert.equal(error?.code, 'needs-consent');
    assert.match(error.message, /DATABASE_URL in .*\.env is new/);
    assert.deepEqual(asked, []);
  });
});
