import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'mocha';
import manifest from '../../../../package.json' with { type: 'json' };
import { agentToolNames, mcpProviderId, writingToolNames } from '../../../../src/editor/ids.ts';
import { agentTools, writingTools } from '../../../../src/node/agentTools/agentTools.ts';
import { longestAnswer } from '../../../../src/node/agentTools/answerText.ts';
import { adopted } from '../../../support/adopted.ts';
import { AgentToolWorld, plantTexts } from '../../../support/agentTools.ts';
import {
  makeBacklog,
  makeOldestBacklog,
  makeReferenceSeed,
} from '../../../support/data/generatedDatabases.ts';
import { hostileText, unsafeCharacter } from '../../../support/hostileTexts.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('the tools for agents', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let opened: AgentToolWorld | undefined;

  afterEach(async () => {
    await opened?.dispose();
    opened = undefined;
  });

  function open(name: string | null): AgentToolWorld {
    opened = new AgentToolWorld(name === null ? null : join(folder(), name), folder());
    return opened;
  }

  it('are those of the manifest, with their schemas and descriptions', () => {
    const { languageModelTools, mcpServerDefinitionProviders } = manifest.contributes;
    assert.deepEqual(
      agentTools.map(({ name }) => name),
      [...agentToolNames],
    );
    assert.ok(agentTools.length <= 6);
    assert.deepEqual(
      writingTools.map(({ name }) => name),
      [...writingToolNames],
    );
    assert.deepEqual(
      languageModelTools.map(({ name, modelDescription, inputSchema }) => ({
        name,
        modelDescription,
        inputSchema,
      })),
      [...agentTools, ...writingTools].map(({ name, description, inputSchema }) => ({
        name,
        modelDescription: description,
        inputSchema,
      })),
    );
    assert.deepEqual(
      mcpServerDefinitionProviders.map(({ id }) => id),
      [mcpProviderId],
    );
  });

  it('say so where no database is selected, and who selects one', async () => {
    const tools = open(null);
    for (const { name } of agentTools) {
      const { answer, isError } = await tools.call(name);
      assert.equal(answer.database, null, name);
      assert.equal(answer.error?.code, 'no-database', name);
      assert.match(answer.error.nextStep, /^A human selects one\. Only a human selects a database/, name);
      assert.ok(isError);
    }
  });

  it('begin every answer with the identity of the database, also that of an error', async () => {
    makeBacklog(join(folder(), 'backlog.db'));
    const { id } = await adopted(join(folder(), 'backlog.db'), 'legacy');
    const tools = open('backlog.db');
    for (const { name } of agentTools) {
      const { answer, text, isError } = await tools.call(name);
      assert.equal(isError, false, text);
      assert.deepEqual(
        [Object.keys(answer)[0], answer.database?.id, answer.database?.role],
        ['database', id, 'legacy'],
        name,
      );
    }
    const unknown = await tools.call('autopack_phases', { runId: 'gone' });
    assert.deepEqual([unknown.answer.database?.id, unknown.answer.error?.code], [id, 'unknown-run']);
    const wrong = await tools.call('autopack_phases', { limit: 'many' });
    assert.deepEqual([wrong.answer.database?.id, wrong.answer.error?.code], [id, 'invalid-argument']);
    const other = await tools.call('autopack_identity', { database: '/elsewhere.db' });
    assert.equal(other.answer.error?.code, 'invalid-argument', 'an agent selects no database');
  });

  it('keep answers of large and hostile databases bounded and printable', async () => {
    for (const [index, make] of [makeBacklog, makeOldestBacklog, makeReferenceSeed].entries()) {
      const name = `hostile-${index}.db`;
      make(join(folder(), name));
      if (make === makeBacklog) plantTexts(join(folder(), name), hostileText);
      const tools = open(name);
      const { answer } = await tools.call('autopack_phases', { limit: 100 });
      const [run] = answer.runs as readonly { readonly id: string }[];
      const calls = [
        ...agentTools.map((tool): [string, object] => [tool.name, {}]),
        ['autopack_phases', { limit: 100 }],
        ['autopack_phases', { runId: run?.id, limit: 100 }],
        ['autopack_failures', { limit: 100 }],
        ['autopack_drain_plan', { batchSize: 1000, limit: 100 }],
      ] as const;
      for (const [tool, input] of calls) {
        const { text } = await tools.call(tool, input);
        assert.ok(text.length <= longestAnswer, `${tool} of ${name}: ${text.length}`);
        assert.doesNotMatch(text, unsafeCharacter, `${tool} of ${name}`);
      }
      await tools.dispose();
    }
  });

  it('page through all runs, each once, and say what was left out', async () => {
    makeBacklog(join(folder(), 'paged.db'));
    const tools = open('paged.db');
    const seen: string[] = [];
    let matching = 0;
    for (let more = true; more;) {
      const { answer } = await tools.call('autopack_phases', { offset: seen.length, limit: 10 });
      const runs = answer.runs as readonly { readonly id: string }[];
      matching = answer.runsMatching as number;
      seen.push(...runs.map(({ id }) => id));
      const [left = ''] = answer.leftOut ?? [];
      more = left.includes(`ask again with offset ${seen.length}`);
      assert.ok(runs.length > 0);
    }
    assert.equal(new Set(seen).size, matching);
    assert.equal(seen.length, matching);
    assert.ok(matching > 10);
  });

  it('filter phases, and cluster what failed', async () => {
    makeBacklog(join(folder(), 'failed.db'));
    const tools = open('failed.db');
    const { answer: failures } = await tools.call('autopack_failures');
    const [largest] = failures.clusters as readonly {
      readonly latest: readonly { readonly runId: string }[];
    }[];
    const runId = largest?.latest[0]?.runId;
    const { answer } = await tools.call('autopack_phases', { runId, states: ['failed'] });
    const phases = answer.phases as readonly { readonly state: string }[];
    assert.ok(phases.length > 0);
    assert.ok(phases.every(({ state }) => state === 'FAILED'));
  });

  it('plan a drain without a change, and say for what it would be refused', async () => {
    const path = join(folder(), 'planned.db');
    makeBacklog(path);
    const tools = open('planned.db');
    const before = (await tools.reader.request(path, 'version', null)).version;
    const { answer } = await tools.call('autopack_drain_plan', { states: ['QUEUED'], batchSize: 3 });
    const steps = answer.steps as readonly { readonly state: string }[];
    assert.equal(steps.length, 3);
    assert.ok(steps.every(({ state }) => state === 'QUEUED'));
    assert.equal(answer.isDryRun, true);
    assert.equal(answer.wouldBeRefused, 'There is none. Get one.');
    assert.deepEqual((await tools.reader.request(path, 'version', null)).version, before);
  });

  it('answer which database it is while its rows are still being counted', async () => {
    makeBacklog(join(folder(), 'slow.db'));
    const tools = open('slow.db');
    const real = tools.reader.request.bind(tools.reader);
    let counted = 0;
    tools.reader.request = async (path, name, params, signal) => {
      const answer = await real(path, name, params, signal);
      if (name === 'identity') {
        counted += 1;
        await wait(600);
      }
      return answer;
    };
    const { answer: first } = await tools.call('autopack_identity');
    assert.match(first.counts as string, /^still counting/);
    await wait(700);
    const { answer: second } = await tools.call('autopack_identity');
    assert.equal(typeof (second.counts as { readonly phases: number }).phases, 'number');
    assert.equal(counted, 1, 'what was counted for the first is there for the second');
  });

  it('name a file that is no database, and a drain that was never begun', async () => {
    writeFileSync(join(folder(), 'notes.db'), 'no database');
    const { answer, isError } = await open('notes.db').call('autopack_identity');
    assert.deepEqual([answer.database?.path, answer.error?.code], [join(folder(), 'notes.db'), 'not-sqlite']);
    assert.ok(isError);
    await opened?.dispose();
    makeBacklog(join(folder(), 'idle.db'));
    const { answer: status } = await open('idle.db').call('autopack_drain_status');
    assert.deepEqual([status.running, status.sessionCount, status.session], [null, 0, null]);
  });
});
