import assert from 'node:assert/strict';
import { runCommandLine } from '../../support/commandLine.ts';
import { builtAnswer } from '../../support/models/builtAnswer.ts';
import { startModelServer, type ModelServer } from '../../support/models/modelServer.ts';
import { startCuttingProxy, type Cut, type CuttingProxy } from '../../support/postgres/cuttingProxy.ts';
import { createAutopackTables } from '../../support/postgres/loadDatabase.ts';
import { adoptedOnServer, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

// With the command line as it is built: node esbuild.mjs
describe('a drain with an endpoint whose connections to the server are cut', function () {
  this.timeout(120_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  let models: ModelServer;
  let asked = 0;
  let proxy: CuttingProxy;
  const cuts: string[] = [];

  before(async () => {
    models = await startModelServer((question) => {
      asked += 1;
      return builtAnswer(question, { uncached: 1400 + asked, cached: 100, output: 900 });
    });
    const next: Record<string, readonly (Cut | null)[]> = {
      'claim-phase': ['before-answer', 'before-commit', 'before-commit', null, 'before-answer'],
      'settle-phase': ['before-commit', null, 'before-answer', 'before-answer', 'before-commit'],
    };
    const counts: Record<string, number> = {};
    proxy = await startCuttingProxy(server(), (transaction) => {
      const name = Object.keys(next).find((each) => transaction.includes(each));
      if (name === undefined) return null;
      const count = counts[name] ?? 0;
      counts[name] = count + 1;
      const cut = next[name]?.[count % 5] ?? null;
      cuts.push(`${name} ${cut ?? ''}`);
      return cut;
    });
  });
  after(async () => {
    await proxy.stop();
    await models.close();
  });

  it('does each phase once, and loses and repeats no call', async () => {
    const name = 'cut connections';
    await server().createDatabase(name);
    await server().withClient(name, (client) => createAutopackTables(client), 'owner');
    await adoptedOnServer(server(), name, serverWriter(folder()), 'seed');
    const url = server().url(name);
    const environment = {
      ...{ OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ANTHROPIC_API_KEY: '', ANTHROPIC_BASE_URL: '' },
      AUTOPACK_HYGIENE_API_KEY: 'sk-canary-0123456789abcdef',
    };
    const cli = (at: string, ...args: string[]): ReturnType<typeof runCommandLine> =>
      runCommandLine(args, { cwd: folder(), env: { ...environment, DATABASE_URL: at } });
    const seeded = await cli(url, 'seed', '--yes');
    assert.equal(seeded.exitCode, 0, seeded.stderr);
    const run = await cli(
      url.replace(`:${server().port}/`, `:${proxy.port}/`),
      ...['drain', '--yes', '--write', '--executor', 'endpoint', '--provider', 'openai'],
      ...['--base-url', models.baseUrl, '--model', 'test-model'],
    );
    assert.match(run.stdout, /Drained 10 phases: 10 succeeded/, `${run.stdout}\n${run.stderr}`);
    assert.equal(asked, 10);
    assert.ok(cuts.filter((cut) => cut.endsWith('answer')).length >= 6, cuts.join('\n'));
    assert.ok(cuts.filter((cut) => cut.endsWith('commit')).length >= 6, cuts.join('\n'));
    const [rows] = await server().query(
      name,
      `SELECT (SELECT count(*)::int FROM phase_outcome_events) AS ends,
         (SELECT count(*)::int FROM llm_usage_events) AS calls,
         (SELECT count(*)::int FROM token_estimation_v2_events) AS samples,
         (SELECT count(*)::int FROM phases WHERE state = 'COMPLETE' AND builder_attempts = 1) AS phases,
         (SELECT count(*)::int FROM autopack_hygiene.results) AS results`,
    );
    assert.deepEqual(rows, { ends: 10, calls: 10, samples: 10, phases: 10, results: 10 });
  });
});
