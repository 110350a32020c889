import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { coverage, type CoverageAnswer } from '../../../../src/core/seed/seedInventory.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { planTargetedRun } from '../../../../src/core/seed/planTargetedRun.ts';
import { telemetryCollectionV4 } from '../../../../src/core/seed/telemetryCollectionV4.ts';
import type { SeedPlan } from '../../../../src/core/seed/seedPlan.ts';
import { deliverableBucket } from '../../../../src/core/model/sampleKind.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const now = Date.UTC(2025, 11, 29, 19, 4, 18);
const writer = new DatabaseWriter();

async function coverageOf(path: string): Promise<CoverageAnswer> {
  const reader = await openSnapshots(path);
  try {
    return (await reader.read({ key: 'coverage', run: coverage })).value;
  } finally {
    reader.close();
  }
}

async function planFor(path: string, at = now): Promise<SeedPlan | null> {
  const { coverage: found, existing } = await coverageOf(path);
  return planTargetedRun(found, existing, at);
}

/** Makes every QUEUED phase COMPLETE, with a clean sample. */
function drainAll(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`INSERT INTO token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count,
      deliverables_json, predicted_output_tokens, actual_output_tokens, selected_budget, success, truncated, stop_reason, model,
      is_truncated_output, created_at)
    SELECT run_id, phase_id, created_at, task_category, complexity, json_array_length(scope, '$.deliverables'),
      json_extract(scope, '$.deliverables'), 1000, 800 + id, 8192, 1, 0, 'end_turn', 'm', 0, created_at
    FROM phases WHERE state = 'QUEUED'; UPDATE phases SET state = 'COMPLETE';`);
  database.close();
}

describe('targeted plan', () => {
  const folder = temporaryFolder();
  let path = '';
  beforeEach(async () => {
    path = join(folder(), 'seed.db');
    await initDatabase(writer, path, { id: crypto.randomUUID(), role: 'seed', createdAt: now });
  });
  const seed = (plan: SeedPlan) => seedDatabase(writer, path, { now, plan });

  it('holds just the kinds that are missing and do not wait', async () => {
    await seed(telemetryCollectionV4);
    const { coverage: before } = await coverageOf(path);
    const plan = await planFor(path);
    assert.equal(plan?.runId, 'telemetry-collection-targeted-20251229-190418');
    assert.equal(plan.phases.length, before.toSeed);
    // Ten phases wait, one implementation of medium complexity more than it takes.
    assert.equal(before.toSeed, 45 - 9);
    const low = plan.phases.filter(
      ({ category, complexity }) => category === 'implementation' && complexity === 'low',
    );
    assert.deepEqual(
      low.map(({ deliverables }) => deliverableBucket(deliverables.length)),
      ['1', '2-5', '2-5'],
    );
    assert.ok(
      plan.maxPhases >= plan.phases.length && plan.tokenCap >= plan.phases.length * plan.incidentTokenCap,
    );
  });

  it('covers everything once it is drained, and then there is nothing to plan', async () => {
    await seed(telemetryCollectionV4);
    const plan = await planFor(path);
    assert.ok(plan !== null);
    await seed(plan);
    assert.equal(await planFor(path), null);
    drainAll(path);
    const { coverage: after } = await coverageOf(path);
    assert.deepEqual([after.complete, after.missing, after.phases.have], [true, 0, 46]);
  });

  it('never collides with earlier runs in ids or deliverables, even at the same moment', async () => {
    const ids: string[] = [];
    const files: string[] = [];
    const runs: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const plan = await planFor(path);
      assert.ok(plan !== null);
      await seed(plan);
      runs.push(plan.runId);
      ids.push(...plan.phases.map(({ phaseId }) => phaseId));
      files.push(...plan.phases.flatMap(({ deliverables }) => deliverables));
      // Failed phases leave no evidence, and their files stay taken.
      const database = new DatabaseSync(path);
      database.exec("UPDATE phases SET state = 'FAILED'");
      database.close();
    }
    assert.equal(ids.length, 135);
    for (const names of [ids, files, runs]) assert.equal(new Set(names).size, names.length);
  });

  it('asks of each phase what its kind says', async () => {
    const plan = await planFor(path);
    for (const { deliverables, description, readOnlyContext } of plan?.phases ?? []) {
      assert.ok(deliverables.every((file) => file.startsWith('examples/telemetry_utils/')));
      assert.deepEqual(readOnlyContext, []);
      assert.ok(
        deliverables.some((file) => description.includes(file.slice(file.lastIndexOf('/') + 1))) ||
          description.includes('pytest'),
      );
    }
    assert.equal(plan?.phases.length, 45);
  });
});
