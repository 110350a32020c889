import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';

interface Recorded {
  readonly files: Readonly<Record<string, string>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const folder = join(import.meta.dirname, '../../../examples/executor/answers');
const index = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as {
  readonly phases: Readonly<Record<string, Recorded>>;
};
const charactersPerToken = 3.6;
const characters = (file: string) => readFileSync(join(folder, file), 'utf8').length;
const tokensOf = (files: readonly string[]) =>
  Math.ceil(files.reduce((sum, file) => sum + characters(file), 0) / charactersPerToken);

describe('the recorded answers', () => {
  it('use every file of their folder, each once', () => {
    const used = Object.values(index.phases).flatMap(({ files }) => Object.values(files));
    const present = readdirSync(folder).filter((name) => name !== 'answers.json' && name !== '__pycache__');
    assert.deepEqual(used.sort(), present.sort());
  });

  it('are those of the seeded phases', () => {
    const planned = telemetryCollectionV4.phases.map((phase) => [phase.phaseId, phase.deliverables]);
    const recorded = Object.entries(index.phases).map(([phaseId, { files }]) => [
      phaseId,
      Object.keys(files),
    ]);
    assert.deepEqual(recorded, planned);
  });

  for (const { phaseId, readOnlyContext } of telemetryCollectionV4.phases) {
    it(`count the tokens of ${phaseId} as the README says`, () => {
      const recorded = index.phases[phaseId] ?? assert.fail('nothing is recorded');
      const files = Object.values(recorded.files);
      assert.equal(recorded.outputTokens, tokensOf(files) + 150 * files.length);
      assert.equal(recorded.inputTokens, tokensOf(readOnlyContext.map((path) => basename(path))) + 1800);
    });
  }
});
