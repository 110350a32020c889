import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAnswer } from '../../../src/core/builders/answerFormat.ts';
import type { DrainResult } from '../../../src/core/drain/drainResult.ts';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { seededRandom } from '../../../src/core/telemetry/statistics/clusterBootstrap.ts';
import { builderDefaults } from '../../../src/node/builders/builderOptions.ts';
import { listSessions, SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { requestedFiles } from '../models/builtAnswer.ts';
import { startModelServer } from '../models/modelServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { argument, count, drainUntilKilled, execute, toBeResumed } from './drainUntilKilled.ts';

/** Output tokens of the first answer; each further one has one more, by which calls are told apart. */
const firstOutput = 1000;

/** Kills a drain with the endpoint executor at so many random moments, resumes it after each, and compares. */
export function killedBuilderTests(moments: number): void {
  const folder = temporaryFolder();

  it(`keeps files whole and counts each call once when it is killed at ${moments} random moments`, async function () {
    this.timeout(60_000 + moments * 10_000);
    const path = join(folder(), 'seed.db');
    const writer = new DatabaseWriter();
    await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, path, { now: Date.now() });
    const deliverables = telemetryCollectionV4.phases.flatMap((phase) => phase.deliverables);
    const server = await startModelServer((asked, index) => {
      const { boundary, paths } = requestedFiles(asked);
      const files = paths.map((each) => ({ path: each, content: wholeContent(index) }));
      const usage = { uncached: 500, output: firstOutput + index };
      return { kind: 'text', text: formatAnswer(files, boundary), usage, chunkSize: 400, betweenMs: 2 };
    });
    try {
      const { baseUrl } = server;
      const builder = { ...builderDefaults, stallSeconds: 20 };
      const executor = JSON.stringify({
        name: 'endpoint',
        provider: 'openai',
        baseUrl,
        model: 'test',
        builder,
      });
      const files = new SessionFiles(folder());
      const random = seededRandom(moments);
      const args = (session: string | null): string[] => [path, folder(), executor, ...argument(session)];
      for (
        let killed = 0, session: string | null = null;
        killed < moments;
        session = await toBeResumed(files, path)
      ) {
        const run = await drainUntilKilled(args(session), {
          delayMs: random() * 700,
          isEarly: random() < 0.1,
        });
        if (run.isKilled) killed += 1;
        else assert.equal(run.stop, 'nothing-left', run.stderr);
        for (const each of deliverables) requireWhole(join(folder(), each));
        if ((await toBeResumed(files, path)) === null) {
          execute(path, "UPDATE phases SET state = 'QUEUED', updated_at = 'again' WHERE state = 'COMPLETE'");
        }
      }
      const last = await drainUntilKilled(args(await toBeResumed(files, path)), null);
      assert.equal(last.stop, 'nothing-left', last.stderr);
      for (const each of deliverables) requireWhole(join(folder(), each), true);

      const results: DrainResult[] = [];
      for (const { sessionId, standing } of await listSessions(files)) {
        assert.equal(standing, 'complete', sessionId);
        results.push(...((await files.load(sessionId)).facts?.results ?? []));
      }
      const recorded = (
        execute(path, 'SELECT completion_tokens AS n FROM llm_usage_events ORDER BY id') as { n: number }[]
      ).map(({ n }) => n);
      assert.equal(new Set(recorded).size, recorded.length, 'no call is recorded twice');
      assert.equal(count(path, 'SELECT count(*) AS n FROM token_estimation_v2_events'), recorded.length);
      assert.equal(
        results.reduce((sum, result) => sum + result.yield.estimationEvents, 0),
        recorded.length,
        'every sample is reported once',
      );
      const said = results.filter(({ notes }) =>
        notes.some((note) => note.includes('A model call was under way when the drain ended')),
      ).length;
      const lost = server.asked.length - recorded.length;
      assert.ok(
        lost <= said,
        `${lost} of ${server.asked.length} calls are not recorded, and ${said} are said to be`,
      );
      assert.equal(count(path, "SELECT count(*) AS n FROM phases WHERE state <> 'COMPLETE'"), 0);
      assert.deepEqual(execute(path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
    } finally {
      await server.close();
    }
  });
}

/** A file whose every part names its answer; long enough that writing it takes a moment. */
function wholeContent(index: number): string {
  return `# answer ${index}\n`.repeat(2000);
}

/** A file is that of one answer from its first to its last line, or is not there. */
function requireWhole(path: string, mustExist = false): void {
  if (!existsSync(path)) {
    assert.ok(!mustExist, `${path} is missing`);
    return;
  }
  const text = readFileSync(path, 'utf8');
  const index = Number(/^# answer (\d+)$/m.exec(text)?.[1]);
  assert.ok(text === wholeContent(index), `${path} is neither old nor new`);
}
