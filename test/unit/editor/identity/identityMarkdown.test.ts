import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { identityMarkdown } from '../../../../src/editor/identity/identityMarkdown.ts';
import { identityVerdict } from '../../../../src/editor/identity/identityVerdict.ts';
import { exampleFacts } from '../support/examples.ts';

describe('the identity', () => {
  it('is a sentence with the next step', () => {
    const { severity, sentence, nextStep, action } = identityVerdict(exampleFacts());
    assert.equal(severity, 'good');
    assert.equal(
      sentence,
      'seed.db is a telemetry seed database: 1 run, 10 phases (10 queued), 0 telemetry events.',
    );
    assert.equal(nextStep, '10 phases can be drained.');
    assert.equal(action?.command, 'drain');
  });

  it('goes on to seeding where there are no phases, and to the telemetry where all are done', () => {
    const counts = { ...exampleFacts().counts, runs: 0, phases: 0 };
    assert.equal(identityVerdict(exampleFacts({ counts, phaseStates: {} })).action?.command, 'seedRun');
    const done = exampleFacts({ phaseStates: { COMPLETE: 10 } });
    assert.equal(identityVerdict(done).action?.command, 'analyzeTelemetry');
  });

  it('says first that a database is not one of Autopack', () => {
    const warnings = [{ code: 'not-autopack', message: 'It has no table runs.' }] as const;
    const verdict = identityVerdict(exampleFacts({ warnings }));
    assert.equal(verdict.severity, 'warning');
    assert.match(verdict.sentence, /seed\.db is not an Autopack database/);
    assert.equal(verdict.action?.command, 'selectDatabase');
  });

  it('is a document with what is worth knowing, file, content, telemetry and schema', () => {
    const facts = exampleFacts({
      warnings: [{ code: 'orphan-events', message: '2 telemetry events belong to no run_.' }],
      schema: { fingerprint: 'abc', missingTables: ['phase_outcome_events'], missingColumns: [] },
    });
    const text = identityMarkdown(facts, identityVerdict(facts));
    assert.match(text, /## Worth knowing\n\n- 2 telemetry events belong to no run\\_\.\n/);
    assert.match(text, /- \*\*Path\*\*: `\/project\/seed\.db`/);
    assert.match(text, /- \*\*Journal\*\*: WAL/);
    assert.match(text, /- \*\*Phases\*\*: 10 \(10 queued\)/);
    assert.match(text, /- \*\*Token budget escalations\*\*: no such table/);
    assert.match(text, /- \*\*Missing tables\*\*: `phase_outcome_events`/);
  });
});
