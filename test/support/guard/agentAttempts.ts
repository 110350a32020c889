import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { setLevel } from '../adopted.ts';
import type { CommandLineRun } from '../commandLine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { aloneOnTheMachine } from './aloneOnTheMachine.ts';
import { human, runAs, type CommandRunner } from './commandsAs.ts';
import { GuardWorld, meddle, suiteReader } from './guardWorld.ts';

export const script: CommandRunner = {};
export const ci: CommandRunner = { env: { CI: 'true', GITHUB_ACTIONS: 'true' } };
export const run = 'telemetry-collection-v4';
export const requeueAll = ['requeue', '--database', 'kept.db', '--all', '--yes', '--json'];
export const approveRequeue = [
  'approve',
  '--json',
  '--',
  'requeue',
  '--database',
  'kept.db',
  '--all',
  '--yes',
];

/** A way to write a protected database without a human, and the refusal that it must meet. */
export interface Attempt {
  readonly name: string;
  /** The database is `kept.db` at `confirm`, with failed phases; gives what is tried last. */
  readonly arrange: (world: GuardWorld, path: string) => Promise<() => Promise<CommandLineRun>>;
  readonly code: ErrorCode;
  readonly message: RegExp;
}

/** One command of somebody, on the database as it is. */
export function tries(
  who: CommandRunner,
  args: readonly string[],
  code: ErrorCode = 'needs-approval',
  message = /is protected \(Confirm\)/,
): Omit<Attempt, 'name'> {
  const whole = [args[0] ?? '', '--database', 'kept.db', ...args.slice(1), '--json'];
  return { arrange: (world) => Promise.resolve(() => runAs(who, world, ...whole)), code, message };
}

export async function approve(world: GuardWorld, now?: number): Promise<void> {
  const who = now === undefined ? human('kept.db') : { ...human('kept.db'), now };
  const { exitCode, stderr } = await runAs(who, world, ...approveRequeue);
  assert.equal(exitCode, 0, stderr);
}

export async function tokenFor(
  world: GuardWorld,
  operation: string,
  rows: string,
): Promise<[string, string]> {
  const args = ['approve', '--for-ci', '--operation', operation, '--rows', rows, '--database', 'kept.db'];
  const { stdout } = await runAs(human('kept.db'), world, ...args, '--json');
  const { token, expectId } = JSON.parse(stdout) as { token: string; expectId: string };
  return [token, expectId];
}

export const withToken = (token: string, id: string): string[] => [
  ...requeueAll,
  ...['--approval', token, '--expect-id', id],
];

export const minute = 60_000;

/** A database of which every phase failed, at `confirm`. */
export async function kept(world: GuardWorld): Promise<string> {
  const path = await world.make('kept.db');
  meddle(path, `UPDATE phases SET state = 'FAILED'`);
  await setLevel(path, 'confirm');
  return path;
}

/** A test for each attempt: it is refused with its code, message and a next step, and nothing is written. */
export function refusesAttempts(kind: string, attempts: readonly Attempt[]): void {
  describe(kind, function () {
    this.timeout(30_000);
    const folder = temporaryFolder();
    const reader = suiteReader();

    for (const { name, arrange, code, message } of attempts) {
      it(`is refused with "${code}" when it ${name}`, async function () {
        const world = new GuardWorld(folder(), reader());
        const path = await kept(world);
        await aloneOnTheMachine(this, path);
        const attempt = await arrange(world, path);
        const before = await world.contents();
        const { exitCode, stdout, stderr } = await attempt();
        assert.equal(exitCode, 2, stderr);
        const { error } = JSON.parse(stdout) as {
          error: { code: string; message: string; nextStep: string };
        };
        assert.equal(error.code, code, stderr);
        assert.match(error.message, message);
        assert.notEqual(error.nextStep, '');
        assert.deepEqual(await world.contents(), before, 'nothing is written');
      });
    }
  });
}
