import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { human, runAs } from '../../support/guard/commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { queryDatabase } from '../../support/queryDatabase.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');
const run = 'telemetry-collection-v4';

interface Answer extends Readonly<Record<string, unknown>> {
  readonly database: { readonly id: string; readonly protection: string };
  readonly error?: { readonly code: string; readonly message: string; readonly nextStep: string };
}

describe('command line, mcp, where a tool writes', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  let world: GuardWorld;
  let path: string;
  let client: Client;

  beforeEach(async () => {
    world = new GuardWorld(folder(), reader());
    path = await world.make('seed.db');
    meddle(path, "UPDATE phases SET state = 'FAILED'");
    client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [program, 'mcp', '--database', path],
        cwd: folder(),
        env: { DATABASE_URL: '', AUTOPACK_EXAMPLE_DELAY_MS: '0' },
      }),
    );
  });

  afterEach(() => client.close());

  async function call(name: string, input: Record<string, unknown> = {}): Promise<Answer> {
    const { content } = CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
    const [part] = content;
    assert.ok(part?.type === 'text');
    return JSON.parse(part.text) as Answer;
  }

  /** Does what the refusal says, as a human at a terminal who types the name of the database. */
  async function approve({ error }: Answer): Promise<void> {
    const [, id = ''] = /approve --workspace \S+ ([0-9a-f]{6})/.exec(error?.nextStep ?? '') ?? [];
    const approved = await runAs(human('seed.db'), world, 'approve', '--workspace', folder(), id);
    assert.equal(approved.exitCode, 0, approved.stderr);
  }

  const states = (): unknown[] =>
    queryDatabase(path, 'SELECT DISTINCT state FROM phases ORDER BY state').map(({ state }) => state);

  it('says of each tool what it does', async () => {
    const { tools } = await client.listTools();
    const hints = tools
      .slice(6)
      .map(({ name, annotations }) => [
        name,
        annotations?.readOnlyHint,
        annotations?.destructiveHint,
        annotations?.idempotentHint,
        annotations?.openWorldHint,
      ]);
    assert.deepEqual(hints, [
      ['autopack_seed', false, false, false, false],
      // The protocol calls only destructive what is not merely added: it changes rows that are there.
      ['autopack_requeue', false, true, true, false],
      ['autopack_mark_stale', false, true, true, false],
      // It asks models, wherever they are served.
      ['autopack_drain', false, true, false, true],
    ]);
  });

  it('is refused with what a human must do, and done once when they did it', async () => {
    const before = await world.contents();
    const refused = await call('autopack_requeue', { runId: run });
    assert.equal(refused.error?.code, 'needs-approval');
    assert.match(
      refused.error.message,
      /no person can be asked over MCP\. It would change 10 rows of the database/,
    );
    assert.match(refused.error.nextStep, /Ask a person to approve it: .*Then call the tool again\./);
    assert.deepEqual(await world.contents(), before);
    await approve(refused);
    const done = await call('autopack_requeue', { runId: run });
    assert.deepEqual([done.requeued, done.of], [10, 10], JSON.stringify(done));
    assert.deepEqual(states(), ['QUEUED']);
    // Used up: the same write again needs another.
    meddle(path, "UPDATE phases SET state = 'FAILED'");
    assert.match((await call('autopack_requeue', { runId: run })).error?.message ?? '', /was used already/);
    assert.deepEqual(states(), ['FAILED']);
  });

  it('is approved for those rows alone', async () => {
    await approve(await call('autopack_requeue', { runId: run }));
    meddle(path, "UPDATE phases SET state = 'COMPLETE' WHERE id = 1");
    const other = await call('autopack_requeue', { runId: run });
    assert.equal(other.error?.code, 'needs-approval');
    assert.equal((await call('autopack_seed', { runId: 'other' })).error?.code, 'needs-approval');
    assert.deepEqual(states(), ['COMPLETE', 'FAILED']);
  });

  it('seeds and marks stale likewise', async () => {
    await approve(await call('autopack_seed', { runId: 'other' }));
    assert.equal((await call('autopack_seed', { runId: 'other' })).phases, 10);
    const old = "'2025-01-01 00:00:00'";
    meddle(
      path,
      `UPDATE phases SET state = 'EXECUTING', created_at = ${old}, updated_at = ${old}, started_at = ${old}`,
    );
    await approve(await call('autopack_mark_stale'));
    assert.equal((await call('autopack_mark_stale')).marked, 20);
    assert.deepEqual(states(), ['FAILED']);
  });

  it('drains what a human approved, once, and nothing else', async () => {
    const before = await world.contents();
    const two = { runId: run, batchSize: 2 };
    const refused = await call('autopack_drain', two);
    assert.equal(refused.error?.code, 'needs-approval', JSON.stringify(refused));
    assert.match(refused.error.message, /It would change 2 rows/);
    assert.deepEqual(await world.contents(), before);
    await approve(refused);
    assert.equal((await call('autopack_drain', { ...two, batchSize: 3 })).error?.code, 'needs-approval');
    const done = await call('autopack_drain', two);
    assert.deepEqual([done.processed, done.succeeded], [2, 2], JSON.stringify(done));
    assert.deepEqual(states(), ['COMPLETE', 'FAILED']);
    assert.equal((await call('autopack_drain', two)).error?.code, 'needs-approval');
  });
});
