import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { agentTools } from '../../../src/node/agentTools/agentTools.ts';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { kept } from '../../support/guard/agentAttempts.ts';
import { agent, human, runAs, type CommandRunner } from '../../support/guard/commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { AgentToolWorld } from '../../support/agentTools.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const run = 'telemetry-collection-v4';

/** Commands that would write the database, if they went ahead. */
const commands: readonly (readonly string[])[] = [
  ['seed', '--run-id', 'more'],
  ['seed', '--targeted'],
  ['drain', '--executor', 'example'],
  ['drain', '--probe', '--executor', 'example'],
  ['requeue', '--all'],
  ['requeue', '--phase', `${run}/telemetry-p1-string-util`],
  ['delete-run', run],
  ['adopt', '--role', 'seed', '--new-id'],
  ['adopt', '--role', 'legacy', '--new-id', '--any-role'],
  ['restore'],
  ['quickstart', '--executor', 'example', '--force'],
];

/** Ways in which an agent comes at them, each after what it plants beforehand. */
const ways: readonly {
  readonly name: string;
  readonly who: CommandRunner;
  readonly more?: readonly string[];
  readonly plant?: (world: GuardWorld, path: string) => Promise<void>;
}[] = [
  { name: 'with --yes', who: agent, more: ['--yes'] },
  { name: 'without a sign of it', who: {}, more: ['--yes'] },
  { name: 'in a pseudo-terminal, typing the name', who: { ...agent, ...human('kept.db') } },
  { name: 'in CI', who: { env: { CI: 'true' } }, more: ['--yes'] },
  {
    name: 'with variables that sound right',
    who: { env: { AI_AGENT: 'x', AUTOPACK_HYGIENE_LEVEL: 'open', AUTOPACK_HYGIENE_APPROVAL: 'yes' } },
    more: ['--yes'],
  },
  {
    name: 'with a token that it made up',
    who: agent,
    more: ['--yes', '--approval', 'aph_0000000000000000000000000000000'],
  },
  {
    name: 'with files beside the database',
    who: agent,
    more: ['--yes'],
    plant: async (world, path) => {
      const own = world.path('.autopack-hygiene');
      const approvals = [{ path, operation: '*', rows: 1_000_000, expiresAt: 9e15 }];
      for (const name of ['approvals.json', 'protection.json', 'level'])
        await writeFile(join(own, name), JSON.stringify({ version: 1, level: 'open', approvals }));
      for (const name of ['kept.db.level', 'kept.db.approval']) await writeFile(world.path(name), 'open');
      await writeFile(world.path('.env'), 'AUTOPACK_HYGIENE_PROTECTION=open\n');
    },
  },
  {
    name: 'with an approval that a human gave for one phase',
    who: agent,
    more: ['--yes'],
    plant: async (world) => {
      const phase = `${run}/telemetry-p2-number-util`;
      const args = ['approve', '--', 'requeue', '--database', 'kept.db', '--phase', phase];
      assert.equal((await runAs(human('kept.db'), world, ...args)).exitCode, 0);
    },
  },
  {
    name: 'after it tried to lower the level, and to approve, itself',
    who: agent,
    more: ['--yes'],
    plant: async (world) => {
      for (const who of [agent, { ...agent, ...human('kept.db') }, {}]) {
        await runAs(who, world, 'protect', '--database', 'kept.db', '--level', 'open', '--yes');
        await runAs(who, world, 'approve');
        await runAs(who, world, 'approve', '--', 'requeue', '--all', '--database', 'kept.db');
      }
    },
  },
];

describe('a hundred attempts of an agent to write a protected database', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  let attempts = 0;
  after(() => assert.ok(attempts >= 100, `only ${attempts} attempts were made`));

  /** Everything that is in the database but for what a human approved. */
  function content(path: string): string {
    const database = new DatabaseSync(path, { readOnly: true });
    const tables = ['runs', 'tiers', 'phases', 'token_estimation_v2_events', 'autopack_hygiene_identity'];
    const rows = tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all());
    database.close();
    return JSON.stringify(rows);
  }

  for (const { name, who, more = [], plant } of ways) {
    it(`fails ${name}, whatever the command`, async () => {
      const world = new GuardWorld(folder(), reader());
      const path = await kept(world);
      await new Backups(folder()).make(path, 'asked', Date.now());
      await plant?.(world, path);
      const before = content(path);
      for (const [command = '', ...args] of commands) {
        const all = [command, '--database', 'kept.db', ...args, ...more];
        // The token wants an id, and some commands take none.
        const known = command === 'quickstart' ? all.filter((arg) => !/^(--approval|aph_)/.test(arg)) : all;
        const { id } = (await world.guard.inspect(path)).fingerprint;
        const whole = known.includes('--approval') ? [...known, '--expect-id', id ?? ''] : known;
        const { exitCode, stdout } = await runAs(who, world, ...whole);
        assert.equal(exitCode, 2, `${whole.join(' ')}: ${stdout}`);
        assert.equal(content(path), before, `${whole.join(' ')} wrote something`);
        attempts += 1;
      }
    });
  }

  it('fails by the tools that agents are given', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    const before = content(path);
    const tools = new AgentToolWorld(path, folder());
    for (const { name } of agentTools) {
      await tools.call(name, {});
      await tools.call(name, { write: true, yes: true, approve: true, level: 'open' });
      attempts += 1;
    }
    await tools.dispose();
    assert.equal(content(path), before);
  });

  it('fails in a real pseudo-terminal', async function () {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    const before = content(path);
    const cli = join(import.meta.dirname, '../../../dist/cli.js');
    if (process.platform !== 'linux') skipBecause(this, 'only Linux has this "script"');
    if (!existsSync(cli)) skipBecause(this, 'the command line is not built');
    const command = `${process.execPath} ${cli} requeue --all --database kept.db`;
    const env = { ...process.env, CLAUDECODE: '1' };
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder(), env });
    child.on('error', () => undefined);
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.stdin.write('kept.db\n');
    await new Promise((resolve) => child.once('close', resolve));
    assert.equal(content(path), before);
    if (said !== '') assert.match(said, /started by Claude Code/);
    attempts += 1;
  });

  it('fails by a copy that is put in the place of the database, and back', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    await mkdir(world.path('work'));
    const copy = world.path('work/kept.db');
    await copyFile(path, copy);
    const before = content(path);
    meddle(copy, `UPDATE phases SET state = 'QUEUED'`);
    const { exitCode } = await runAs(agent, world, 'restore', '--database', path, '--from', copy, '--yes');
    assert.equal(exitCode, 2);
    assert.equal(content(path), before);
    attempts += 1;
  });

  it('fails by a report of another database that is to take its place, or that of what is known of it', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await kept(world);
    await world.make('other.db');
    const pins = world.path('.autopack-hygiene/pins.json');
    const before = [content(path), await readFile(pins, 'utf8')];
    for (const output of [path, `${path}-wal`, `${path}-journal`, pins]) {
      const report = ['export', '--database', 'other.db', '--format', 'csv', '--output', output];
      const { exitCode, stderr } = await runAs(agent, world, ...report, '--overwrite');
      assert.equal(exitCode, 2, `${output} was overwritten`);
      assert.match(stderr, /Choose another (file|folder)\./);
      attempts += 1;
    }
    assert.deepEqual([content(path), await readFile(pins, 'utf8')], before);
  });
});
