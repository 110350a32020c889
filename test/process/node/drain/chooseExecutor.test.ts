import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionHost } from '../../../../src/core/model/executionHost.ts';
import { chooseExecutor } from '../../../../src/node/drain/chooseExecutor.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** Stands in for both programs: says what it was called with. */
const witness = `console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env]))`;

/** What only executors that work in the drain's own process ask for. */
const noHost: ExecutionHost = {
  ledger: {
    claim: () => Promise.reject(new Error('not for a child')),
    holds: () => Promise.reject(new Error('not for a child')),
    settle: () => Promise.reject(new Error('not for a child')),
  },
  report: () => undefined,
  person: null,
  budget: { tokens: null, cost: null },
};

describe('chooseExecutor', () => {
  const folder = temporaryFolder();
  const example = (): string => join(folder(), 'example.mjs');
  const choice = () => ({ workspaceFolder: folder(), examplePath: example() });

  beforeEach(() => writeFile(example(), witness));

  async function script(): Promise<void> {
    await mkdir(join(folder(), 'scripts'));
    // Node stands in for Python here, and takes a script whatever it is called.
    await writeFile(
      join(folder(), 'scripts', 'drain_one_phase.py'),
      `require('node:fs').writeFileSync('called', '');${witness}`,
    );
  }

  async function calledWith(
    executor: Awaited<ReturnType<typeof chooseExecutor>>,
  ): Promise<[string[], string, NodeJS.ProcessEnv]> {
    const request = {
      runId: 'run 1',
      phaseId: '--odd',
      databasePath: '/data/seed.db',
      workspaceFolder: folder(),
      timeoutMs: 10_000,
      stdoutPath: join(folder(), 'out'),
      stderrPath: join(folder(), 'err'),
    };
    const result = await executor.execute(request, new AbortController().signal, noHost);
    assert.deepEqual([result.outcome, result.exitCode, result.stderrTail], ['exited', 0, '']);
    return JSON.parse(await readFile(request.stdoutPath, 'utf8')) as [string[], string, NodeJS.ProcessEnv];
  }

  it('takes the example program where the workspace is no repository of Autopack', async () => {
    const executor = await chooseExecutor(choice());
    assert.equal(executor.name, 'example');
    const [args, cwd, env] = await calledWith(executor);
    assert.deepEqual(args, ['--run-id', 'run 1', '--phase-id', '--odd', '--force']);
    assert.equal(cwd, folder());
    assert.equal(env.ELECTRON_RUN_AS_NODE, '1');
    assert.equal(env.DATABASE_URL, 'sqlite:////data/seed.db');
  });

  it("takes Autopack's script where it is, in Autopack's environment", async () => {
    await script();
    process.env.NODE_OPTIONS = '--no-warnings';
    after(() => delete process.env.NODE_OPTIONS);
    const executor = await chooseExecutor({
      ...choice(),
      interpreter: { setting: process.execPath },
      apiUrl: 'http://127.0.0.1:8123',
    });
    assert.equal(executor.name, 'autopack');
    assert.ok((executor.settleMs ?? 0) > 0, 'a server commits later than its client ends');
    const [, cwd, env] = await calledWith(executor);
    assert.equal(cwd, folder());
    const {
      DATABASE_URL,
      TELEMETRY_DB_ENABLED,
      PYTHONPATH,
      PYTHONUTF8,
      PYTHONIOENCODING,
      AUTOPACK_API_URL,
      NODE_OPTIONS,
    } = env;
    assert.deepEqual(
      {
        DATABASE_URL,
        TELEMETRY_DB_ENABLED,
        PYTHONPATH,
        PYTHONUTF8,
        PYTHONIOENCODING,
        AUTOPACK_API_URL,
        NODE_OPTIONS,
      },
      {
        DATABASE_URL: 'sqlite:////data/seed.db',
        TELEMETRY_DB_ENABLED: '1',
        PYTHONPATH: 'src',
        PYTHONUTF8: '1',
        PYTHONIOENCODING: 'utf-8',
        AUTOPACK_API_URL: 'http://127.0.0.1:8123',
        NODE_OPTIONS: undefined,
      },
    );
    assert.equal((await chooseExecutor({ ...choice(), name: 'example' })).name, 'example');
  });

  it('says what is missing before anything is changed', async () => {
    const unknown = await rejectsWith('no-executor', chooseExecutor({ ...choice(), name: 'magic' }));
    assert.match(unknown.nextStep, /autopack, endpoint, vscode, example/);
    await rejectsWith('no-executor', chooseExecutor({ ...choice(), name: 'autopack' }));
    await rejectsWith(
      'no-executor',
      chooseExecutor({ ...choice(), examplePath: join(folder(), 'gone.mjs') }),
    );
    await script();
    await rejectsWith(
      'no-interpreter',
      chooseExecutor({ ...choice(), interpreter: { setting: '/no/python' } }),
    );
  });
});
