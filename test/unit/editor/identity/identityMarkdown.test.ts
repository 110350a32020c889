import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { identityMarkdown } from '../../../../src/editor/identity/identityFacts.ts';
import {
  type IdentityContext,
  identityVerdict,
  verdictText,
} from '../../../../src/editor/identity/identityVerdict.ts';
import { exampleFacts } from '../support/examples.ts';

const clear: IdentityContext = { issues: [], isTrusted: true };
const drift = { message: 'DATABASE_URL in .env names other.db.' };
const copy = { message: 'seed.db is a copy.' };

describe('the identity', () => {
  it('is a sentence with the next step', () => {
    const verdict = identityVerdict(exampleFacts(), clear);
    assert.equal(verdict.severity, 'good');
    assert.equal(
      verdictText(verdict),
      'seed.db is a telemetry seed database: 1 run, 10 phases (10 queued), 0 samples. 10 phases can be drained.',
    );
    assert.deepEqual(verdict.action, { title: 'Drain…', command: 'drain', writes: true });
  });

  it('offers nothing that writes in the browser, and says what was not checked there', () => {
    const verdict = identityVerdict(exampleFacts(), { ...clear, isInBrowser: true });
    assert.equal(verdict.severity, 'good');
    assert.equal(verdict.action?.command, 'analyzeTelemetry');
    assert.match(verdict.sentence, /In the browser: copies, \.env files, git, .* were not checked\.$/);
    const empty = { ...exampleFacts().counts, runs: 0, phases: 0 };
    const nothing = identityVerdict(exampleFacts({ counts: empty, phaseStates: {} }), {
      ...clear,
      isInBrowser: true,
    });
    assert.equal(nothing.action?.writes, false);
    const wrong = identityVerdict(exampleFacts(), { issues: [copy], isTrusted: true, isInBrowser: true });
    assert.match(wrong.nextStep, /with VS Code on a computer\.$/);
  });

  it('goes on to seeding where there are no phases, and to the telemetry where all are done', () => {
    const counts = { ...exampleFacts().counts, runs: 0, phases: 0 };
    const empty = exampleFacts({ counts, phaseStates: {} });
    assert.equal(identityVerdict(empty, clear).action?.command, 'seedRun');
    const done = exampleFacts({ phaseStates: { COMPLETE: 10 } });
    assert.equal(identityVerdict(done, clear).action?.command, 'analyzeTelemetry');
  });

  it('says first that a database is not one of Autopack', () => {
    const warnings = [{ code: 'not-autopack', message: 'It has no table runs.' }] as const;
    const verdict = identityVerdict(exampleFacts({ warnings }), clear);
    assert.equal(verdict.severity, 'warning');
    assert.match(verdictText(verdict), /^seed\.db is not an Autopack database/);
    assert.equal(verdict.action?.command, 'selectDatabase');
  });

  it('says every issue first, and offers nothing that writes while one stands', () => {
    const verdict = identityVerdict(exampleFacts(), { issues: [copy, drift], isTrusted: true });
    assert.equal(verdict.severity, 'warning');
    assert.match(
      verdictText(verdict),
      /^2 issues: seed\.db is a copy\. DATABASE_URL in \.env names other\.db\. seed\.db is a telemetry seed/,
    );
    assert.match(verdictText(verdict), /Fix the issues before you write into it\.$/);
    assert.deepEqual(verdict.action, { title: 'Show Issues', command: 'showIdentity', writes: false });
    const text = identityMarkdown(exampleFacts(), verdict);
    assert.match(
      text,
      /^# Identity of seed\\?\.db\n\n## 2 issues\n\n- seed\\?\.db is a copy\\?\.\n- DATABASE/,
    );
  });

  it('keeps a long list of issues short where there is little room', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ message: `Issue ${index} of many.` }));
    const text = verdictText(identityVerdict(exampleFacts(), { issues: many, isTrusted: true }));
    assert.match(text, /^30 issues: Issue 0 of many\. And 29 other issues\. seed\.db is/);
  });

  it('is no all-clear in Restricted Mode, and offers nothing that writes there', () => {
    const verdict = identityVerdict(exampleFacts(), { issues: [], isTrusted: false });
    assert.equal(verdict.severity, 'warning');
    assert.match(verdictText(verdict), /Restricted Mode: copies, \.env files, git, .* were not checked\./);
    assert.equal(verdict.action, undefined);
    const done = exampleFacts({ phaseStates: { COMPLETE: 10 } });
    assert.equal(identityVerdict(done, { issues: [], isTrusted: false }).action?.command, 'analyzeTelemetry');
  });

  it('is a document with notes, file, content, telemetry and schema', () => {
    const facts = exampleFacts({
      warnings: [{ code: 'orphan-events', message: '2 telemetry events belong to no run_.' }],
      schema: { fingerprint: 'abc', missingTables: ['phase_outcome_events'], missingColumns: [] },
    });
    const text = identityMarkdown(facts, identityVerdict(facts, clear));
    assert.match(text, /## Notes\n\n- 2 telemetry events belong to no run\\_\.\n/);
    assert.match(text, /- \*\*Path\*\*: `\/project\/seed\.db`/);
    assert.match(text, /- \*\*Journal\*\*: WAL/);
    assert.match(text, /- \*\*Phases\*\*: 10 \(10 queued\)/);
    assert.match(text, /- \*\*Token budget escalations\*\*: no such table/);
    assert.match(text, /- \*\*Missing tables\*\*: `phase_outcome_events`/);
  });
});
