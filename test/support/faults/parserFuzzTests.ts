import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { restoreSession, storedSummary } from '../../../src/core/drain/restoreSession.ts';
import { UserFacingError } from '../../../src/core/errors.ts';
import type { DatabaseFingerprint } from '../../../src/core/identity/databaseFingerprint.ts';
import { pinFor, differencesText, verifyPin } from '../../../src/core/identity/databasePin.ts';
import { dotenvValues, withDatabaseUrl } from '../../../src/core/identity/dotenvFile.ts';
import { applyCalibration } from '../../../src/core/telemetry/calibration/calibrationFile.ts';
import { parseCountsRecords } from '../../../src/core/telemetry/analysis/eventCounts.ts';
import {
  predictTokens,
  selectBudget,
  autopackEstimator,
} from '../../../src/core/telemetry/estimator/estimator.ts';
import { readTelemetryLog } from '../../../src/core/telemetry/logs/readTelemetryLog.ts';
import { readCalibration, readEstimator } from '../../../src/node/telemetry/calibrationFiles.ts';
import { listSessions, SessionFiles } from '../../../src/node/drain/sessionStore.ts';
import { CanaryVerdicts } from '../../../src/node/identity/askApiServer.ts';
import { PinFile } from '../../../src/node/identity/pinFile.ts';
import { DrainWorld, failsWith } from '../drainWorld.ts';
import { bytesOf, mutated } from './mutatedTexts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const mark: DatabaseFingerprint = {
  path: '/srv/seed.db',
  fileId: '1:2',
  id: '11111111-2222-4333-8444-555555555555',
  role: 'seed',
  roleSource: 'identity-table',
  level: 'ask',
  isAutopack: true,
  schemaFingerprint: 'abc',
  migrations: { state: 'older-schema', versions: [] },
  foreign: { triggers: [], notTables: [] },
  sample: [{ id: 'r', createdAt: 1_767_000_000_000 }],
  known: [],
  lastChange: { serial: 0, mark: null },
  marks: new Map(),
};
const pin = { ...mark, runs: mark.sample, pinnedAt: 1_767_000_000_000 };
const v2 =
  '[2026-01-01 10:00:00] INFO: [TokenEstimationV2] predicted_output=500 actual_output=700 smape=33.3% selected_budget=8192 category=docs complexity=low deliverables=2 success=True stop_reason=end_turn truncated=False model=m\n';
const v1 = '[TokenEstimation] Predicted: 500 output tokens, Actual: 700 output tokens, Error: 28.6%\n';
const counts = {
  timestamp: 't',
  database_url: 'sqlite:///a.db',
  run_id: null,
  label: 'l',
  counts: { token_estimation_v2_events: 1, token_budget_escalation_events: 0 },
};
const proposal = {
  metadata: {},
  hygiene: {
    version: 1,
    verdict: 'proposed',
    reasons: [],
    coefficients: [{ path: ['safetyFactor'], before: 1.3, after: 1.6 }],
  },
};
const verdicts = {
  version: 1,
  verdicts: [
    {
      url: 'http://127.0.0.1:8000',
      databaseId: 'x',
      path: '/x',
      fileId: '1:1',
      databaseIdentity: null,
      verdict: 'same',
      askedAt: 1,
    },
  ],
};

/**
 * Every parser of a file that others could have written, on files that were changed: it gives what it can read, or an
 * error for a person, and never anything else. `runs` of each.
 */
export function parserFuzzTests(runs: number): void {
  const folder = temporaryFolder();
  let estimator: unknown;
  before(async () => {
    estimator = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../examples/executor/estimator.json'), 'utf8'),
    );
  });

  /** Holds for every text: what is thrown is for a person. */
  function holds(name: string, texts: () => fc.Arbitrary<string>, use: (text: string) => unknown): void {
    it(`${name}: is read, or refused in words`, async () => {
      const property = fc.asyncProperty(texts(), async (text) => {
        try {
          await use(text);
        } catch (error) {
          if (!(error instanceof UserFacingError)) throw error;
          assert.match(error.message, /\S\.$/);
        }
      });
      await fc.assert(property, { numRuns: runs });
    });
  }

  let saved: DrainWorld['saved'] = [];
  before(async () => {
    const world = new DrainWorld([{ runId: 'a' }, { runId: 'b' }], failsWith('ImportError: no module x'));
    await world.drain();
    saved = world.saved;
  });
  const useSession = async (session: string | null, facts: string | null): Promise<void> => {
    const id = saved.at(-1)?.session.session_id ?? '';
    const own = join(folder(), '.autonomous_runs', 'batch_drain_sessions');
    await mkdir(own, { recursive: true });
    const last = saved.at(-1);
    await writeFile(join(own, `${id}.json`), session ?? JSON.stringify(last?.session));
    await writeFile(join(own, `hygiene-${id}.json`), facts ?? JSON.stringify(last?.facts));
    const files = new SessionFiles(folder());
    assert.equal((await listSessions(files)).length, 1, 'listed, readable or not');
    const stored = await files.load(id);
    storedSummary(stored);
    restoreSession(
      stored,
      { path: stored.facts?.databasePath ?? '/x', id: stored.facts?.database?.id ?? null },
      Date.now(),
    );
  };
  holds(
    'a session',
    () => mutated(saved.at(-1)?.session),
    (text) => useSession(text, null),
  );
  holds(
    'what we know of a session',
    () => mutated(saved.at(-1)?.facts),
    (text) => useSession(null, text),
  );
  holds(
    'pins',
    () => mutated({ version: 1, pins: [pin] }),
    async (text) => {
      const own = join(folder(), '.autopack-hygiene');
      await mkdir(own, { recursive: true });
      await writeFile(join(own, 'pins.json'), text);
      const verdict = verifyPin(mark, pinFor(await new PinFile(folder()).read(), mark));
      differencesText(verdict.differences);
    },
  );
  holds(
    'canary verdicts',
    () => mutated(verdicts),
    async (text) => {
      const own = join(folder(), '.autopack-hygiene');
      await mkdir(own, { recursive: true });
      await writeFile(join(own, 'canaries.json'), text);
      await new CanaryVerdicts(folder()).read();
    },
  );
  holds(
    'a .env',
    () =>
      bytesOf("export DATABASE_URL=\"sqlite:///${HOME}/a.db\" # note\nKEY: value\nA='b\\'c'\nB=${X:-y}\n"),
    (text) => {
      const values = dotenvValues(text, { HOME: '/home/me', X: '${X}' });
      assert.ok(values.size <= text.length);
      withDatabaseUrl(text, 'sqlite:///other.db');
    },
  );
  holds(
    'a log',
    () => bytesOf(`${v2}${v1}${JSON.stringify({ message: v2 })}\n${v2.repeat(3)}`),
    async (text) => {
      const bytes = new TextEncoder().encode(text);
      const pieces = (async function* () {
        for (let at = 0; at < bytes.length; at += 97)
          yield await Promise.resolve(bytes.subarray(at, at + 97));
      })();
      const { samples } = await readTelemetryLog(pieces);
      assert.ok(samples.length <= text.length);
    },
  );
  holds(
    'an estimator',
    () => mutated(estimator),
    async (text) => {
      const path = join(folder(), 'estimator.json');
      await writeFile(path, text);
      const read = await readEstimator(path);
      const kind = { category: 'docs', complexity: 'low' };
      const mix = { backend: 1, frontend: 0, test: 0, doc: 0, config: 0 };
      const predicted = predictTokens(read, kind, { created: mix, modified: mix });
      assert.ok(!Number.isNaN(selectBudget(read, 'low', predicted)), 'a figure');
    },
  );
  holds(
    'a proposal',
    () => mutated(proposal),
    async (text) => {
      const path = join(folder(), 'proposal.json');
      await writeFile(path, text);
      applyCalibration(autopackEstimator, await readCalibration(path));
    },
  );
  holds(
    'counts',
    () => mutated(counts).map((line) => `${JSON.stringify(counts)}\n${line}\n`),
    (text) => {
      parseCountsRecords(text);
    },
  );
}
