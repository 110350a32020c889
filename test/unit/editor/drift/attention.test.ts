import assert from 'node:assert/strict';
import type { SourceDrift } from '../../../../src/core/guard/drift.ts';
import type { Finding } from '../../../../src/core/guard/findings.ts';
import { attentionList, attentionOf } from '../../../../src/editor/drift/attention.ts';
import type { DriftReport } from '../../../../src/editor/drift/driftMonitor.ts';

const finding = (code: Finding['code']): Finding => ({ code, message: `${code}.`, nextStep: 'Do it.' });
const dotenv: SourceDrift = {
  source: {
    origin: { kind: 'dotenv', file: '/repo/shop/.env' },
    given: null,
    target: { kind: 'file', path: '/repo/other.db', fileId: null },
  },
  state: 'missing',
  message: 'No such file.',
  mends: [],
};
const report = (codes: Finding['code'][], sources: SourceDrift[] = []): DriftReport => ({
  path: '/repo/shop/seed.db',
  findings: codes.map(finding),
  sources,
  git: [],
  stale: null,
});

describe('attention', () => {
  it('is not asked for what is as it may be', () => {
    assert.equal(attentionOf(report(['not-adopted', 'empty'])), null);
    assert.equal(attentionList(report(['not-adopted', 'empty'])), null);
  });

  it('names the gravest: identity, then drift, then what wants tidying up', () => {
    assert.equal(attentionOf(report(['git', 'copy-or-restored'], [dotenv])), 'a copy or a restored file');
    assert.equal(attentionOf(report(['git', 'stale-phases'], [dotenv])), 'drift: DATABASE_URL in .env');
    assert.equal(attentionOf(report(['git', 'stale-phases'])), 'stale phases');
    assert.equal(attentionOf(report(['git'])), 'not kept out of git');
  });

  it('lists all of it with the way to the mends', () => {
    const list = attentionList(report(['git'], [dotenv])) ?? '';
    assert.match(list, /git\\?\./);
    assert.match(list, /No such file/);
    assert.match(list, /command:autopackHygiene\.showDrift/);
  });
});
