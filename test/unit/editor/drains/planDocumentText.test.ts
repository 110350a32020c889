import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DrainPlan } from '../../../../src/core/drain/planDrain.ts';
import { expiredPlanText, planDocumentText } from '../../../../src/editor/drains/planDocumentText.ts';
import type { OfferBasis } from '../../../../src/editor/offers/offerBasis.ts';

const plan: DrainPlan = {
  steps: [],
  notTaken: [],
  candidates: 0,
  only: null,
  stop: null,
  atMost: { executions: 0, minutes: 0, tokens: 0 },
};
const basis = (path: string): OfferBasis => ({
  selected: path,
  path,
  isOfSelection: true,
  content: {
    kind: 'content',
    fileId: '1:2',
    id: 'x',
    role: 'legacy',
    level: 'confirm',
    runs: 70,
    phases: { FAILED: 207 },
  },
});
const question = {
  ...{ issues: [], warnings: [], executor: 'autopack', workers: 1, apiServer: null, folder: '/project' },
  ...{ cost: null, writing: null, pointless: null },
};

describe('the plan of a drain as a document', () => {
  it('says first how it is agreed to, and for which database', () => {
    const text = planDocumentText({
      message: 'Drain 10 phases?',
      question,
      plan,
      basis: basis('/project/backlog.db'),
    });
    assert.match(
      text,
      /^# Drain plan: backlog\\?\.db \(legacy backlog\)\n\nDrain 10 phases\?.* Choose \*\*Drain\*\* or \*\*Cancel\*\* at the top right/,
    );
    assert.match(
      text,
      /\*\*Database\*\*: backlog\\?\.db\n- \*\*Role\*\*: legacy backlog\n- \*\*Protection\*\*: Confirm\n- \*\*Path\*\*: `\/project\/backlog\.db`/,
    );
    assert.match(text, /\*\*Content\*\*: 70 runs, 207 failed/);
    assert.doesNotMatch(text, /## .*(issue|warning)/);
  });

  it('says what is wrong before what would be done', () => {
    const text = planDocumentText({
      message: 'Drain 10 phases?',
      question: { ...question, issues: ['A copy.', 'Drift.'], warnings: ['No telemetry table.'] },
      plan,
      basis: basis('/project/backlog.db'),
    });
    assert.match(
      text,
      /## 2 issues\n\n- A copy\\?\.\n- Drift\\?\.\n\n## 1 warning\n\n- No telemetry table\\?\.\n/,
    );
  });

  it('shows names as they are, whatever is in them', () => {
    const path = '/project/[x](command:y)\n# h.db';
    const text = planDocumentText({ message: 'Drain?', question, plan, basis: basis(path) });
    const prose = text.replaceAll(/`[^`]*`/g, '');
    assert.doesNotMatch(prose, /^# h|[^\\]\[x\]\(/m);
    assert.doesNotMatch(expiredPlanText(path, 'b.db is selected now'), /^# h/m);
  });

  it('says why it no longer applies', () => {
    assert.match(
      expiredPlanText('/project/a.db', 'b.db is selected now'),
      /This plan no longer applies: b\\?\.db is selected now\.\*\* Nothing was drained\./,
    );
  });
});
