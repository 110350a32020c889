import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { queryDatabase } from '../../support/queryDatabase.ts';
import { type CommandLineRun, runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { builtAnswer } from '../../support/models/builtAnswer.ts';
import type { ModelAnswer } from '../../support/models/modelAnswer.ts';
import { startModelServer, type ModelServer } from '../../support/models/modelServer.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const database = ['--database', 'seed.db'];
const key = 'sk-canary-0123456789abcdef';
/** No endpoint of the tester's. */
const noEndpoint = {
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_BASE_URL: '',
};

describe('command line, drains by a model behind an endpoint', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let server: ModelServer;
  let answer: (index: number) => ModelAnswer | null;

  beforeEach(async () => {
    answer = () => null;
    server = await startModelServer(
      (asked, index) =>
        answer(index) ??
        builtAnswer(asked, { uncached: 1400 + index, cached: 100, output: 900 + 10 * index }),
    );
  });
  afterEach(() => server.close());

  const run = (...args: string[]): Promise<CommandLineRun> =>
    runCommandLine(args, { cwd: folder(), env: { ...noEndpoint, AUTOPACK_HYGIENE_API_KEY: key } });
  const endpoint = (): string[] => [
    ...[
      '--executor',
      'endpoint',
      '--provider',
      'openai',
      '--base-url',
      server.baseUrl,
      '--model',
      'test-model',
    ],
  ];

  async function story(...commands: readonly (readonly string[])[]): Promise<string> {
    const parts: string[] = [];
    for (const args of commands) parts.push(transcript(args, await run(...args), folder()));
    return parts.join('\n').replaceAll(new URL(server.baseUrl).host, '127.0.0.1:<port>');
  }

  async function prices(): Promise<void> {
    const models = { 'test-model': { input: 1, cached: 0.1, output: 5 } };
    const list = { date: '2026-11-01', hosts: { [new URL(server.baseUrl).host]: { models } } };
    await writeFile(join(folder(), 'prices.json'), JSON.stringify(list));
  }

  it('says what is missing, plans with its cost, and drains within its limits', async () => {
    await prices();
    const text = await story(
      ['init', ...database],
      ['seed', '--yes', ...database],
      ['drain', '--yes', ...database, '--executor', 'endpoint'],
      ['drain', '--yes', ...database, ...endpoint()],
      ['drain', '--yes', ...database, ...endpoint(), '--write', '--max-cost', '1'],
      ['drain', ...database, ...endpoint(), '--dry-run', '--batch-size', '2', '--prices', 'prices.json'],
      [
        'drain',
        '--yes',
        ...database,
        ...endpoint(),
        '--write',
        '--prices',
        'prices.json',
        '--warn-cost',
        '0.004',
        '--max-cost',
        '0.01',
      ],
    );
    assertGolden(join(import.meta.dirname, 'endpointDrain.txt'), text);
  });

  it('stops at once for a wrong key, and leaves the phase queued', async () => {
    answer = () => ({
      kind: 'response',
      status: 401,
      body: JSON.stringify({
        error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' },
      }),
    });
    await run('init', ...database);
    await run('seed', '--yes', ...database);
    const { stdout, stderr, exitCode } = await run('drain', '--yes', ...database, ...endpoint(), '--write');
    assert.equal(exitCode, 2, stdout);
    assert.match(stdout, /Next: Set a valid API key for the model endpoint, then resume\./);
    assert.equal(server.asked.length, 1);
    assert.ok(!`${stdout}${stderr}`.includes(key));
    assert.deepEqual(rows('SELECT state, count(*) AS n FROM phases GROUP BY state'), [
      { state: 'QUEUED', n: 10 },
    ]);
  });

  it('is resumed with the same executor, which is not to be named again', async () => {
    answer = () => ({ kind: 'response', status: 401, body: '{"error": {"code": "invalid_api_key"}}' });
    await run('init', ...database);
    await run('seed', '--yes', ...database);
    await run('drain', '--yes', ...database, ...endpoint(), '--write', '--batch-size', '1');
    const resume = ['drain', '--yes', ...database, '--resume'];
    const without = await run(...resume);
    assert.equal(without.exitCode, 2);
    assert.match(without.stderr, /model/);
    answer = () => null;
    const place = endpoint().slice(2);
    const { stdout, stderr } = await run(...resume, ...place, '--write', '--batch-size', '2');
    assert.match(stderr, /with the endpoint executor/);
    assert.match(stdout, /2 succeeded/);
    assert.equal(server.asked.length, 3);
  });

  it('goes all the way: 20 clean samples, each figure as the server sent it, and a proposal or a refusal', async () => {
    const { stdout, exitCode } = await run(
      'quickstart',
      ...database,
      ...endpoint(),
      '--write',
      '--run-tests',
      '--json',
    );
    const result = JSON.parse(stdout) as {
      readonly analysis: { readonly quality: Readonly<Record<string, number>> };
      readonly reportPath: string;
      readonly calibration: { readonly verdict: string };
    };
    assert.equal(exitCode, 1, 'too few phases of each kind for a proposal');
    assert.equal(result.calibration.verdict, 'withheld');
    assert.equal(result.analysis.quality.clean, 20);
    assert.match(await readFile(result.reportPath, 'utf8'), /# Token telemetry/);
    const sent = server.asked.map((_, index) => ({ input: 1500 + index, output: 900 + 10 * index }));
    assert.deepEqual(
      rows('SELECT prompt_tokens AS input, completion_tokens AS output FROM llm_usage_events ORDER BY id'),
      sent,
    );
    assert.deepEqual(
      rows('SELECT actual_output_tokens AS output FROM token_estimation_v2_events ORDER BY event_id'),
      sent.map(({ output }) => ({ output })),
    );
    assert.deepEqual(
      rows('SELECT actual_max_tokens AS "limit" FROM token_estimation_v2_events ORDER BY event_id'),
      server.asked.map(({ maxTokens }) => ({ limit: maxTokens })),
    );
    const total = sent.reduce((sum, { input, output }) => sum + input + output, 0);
    assert.deepEqual(rows('SELECT sum(tokens_used) AS total FROM runs'), [{ total }]);
    assert.deepEqual(rows('SELECT DISTINCT state FROM runs'), [{ state: 'DONE_SUCCESS' }]);
    assert.deepEqual(rows('SELECT phase_outcome, count(*) AS n FROM phase_outcome_events GROUP BY 1'), [
      { phase_outcome: 'SUCCESS', n: 20 },
    ]);
  });

  function rows(sql: string): Record<string, unknown>[] {
    return queryDatabase(join(folder(), 'seed.db'), sql);
  }
});
