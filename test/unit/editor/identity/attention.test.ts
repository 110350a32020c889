import assert from 'node:assert/strict';
import type { SourceDrift } from '../../../../src/core/identity/drift.ts';
import type { Finding } from '../../../../src/core/identity/findings.ts';
import type { GitFinding } from '../../../../src/core/identity/gitFinding.ts';
import { attentionList, attentionWords, issuesOf } from '../../../../src/editor/identity/issues.ts';
import type { DriftReport } from '../../../../src/editor/identity/issues.ts';

const finding = (code: Finding['code']): Finding => ({ code, message: `${code}.`, nextStep: 'Do it.' });
const dotenv: SourceDrift = {
  source: {
    origin: { kind: 'dotenv', file: '/repo/shop/.env' },
    given: null,
    target: { kind: 'file', path: '/repo/other.db', fileId: null },
  },
  state: 'missing',
  message: 'No such file.',
  fixes: [{ kind: 'write-dotenv', file: '/repo/shop/.env', databaseUrl: 'sqlite:////repo/shop/seed.db' }],
};
const server = (state: SourceDrift['state']): SourceDrift => ({
  source: {
    origin: { kind: 'api-server', url: 'http://localhost:8000' },
    given: null,
    target: { kind: 'server', verdict: state === 'unknown' ? 'unknown' : 'different', evidence: '' },
  },
  state,
  message: 'A server.',
  fixes: [],
});
const inGit = (changes: Partial<GitFinding>): GitFinding => ({
  path: '/repo/shop/seed.db',
  relativePath: 'seed.db',
  repository: '/repo/shop',
  isTracked: false,
  isStaged: false,
  isIgnored: false,
  ...changes,
});
const report = (
  codes: Finding['code'][],
  sources: SourceDrift[] = [],
  git: GitFinding[] = [],
): DriftReport => ({
  path: '/repo/shop/seed.db',
  findings: codes.map(finding),
  sources,
  git,
  stale: null,
});

describe('attention', () => {
  it('is not asked for what is as it may be', () => {
    assert.deepEqual(attentionWords(report(['not-adopted'])), []);
    assert.equal(attentionList(report(['not-adopted'])), null);
  });

  it('goes to identity first, then to drift, then to what wants tidying up', () => {
    const all = report(['stale-phases', 'copy-or-restored'], [server('unknown'), dotenv], [inGit({})]);
    assert.deepEqual(attentionWords(all), [
      'a copy or a restored file',
      'drift: DATABASE_URL in .env',
      'an API server may have another database',
      'stale phases',
      'not ignored by git',
    ]);
  });

  it('has words for a database that Alembic has not made', () => {
    assert.deepEqual(attentionWords(report(['no-migrations'])), ['made without migrations']);
    assert.match(attentionList(report(['no-migrations'])) ?? '', /Open Setting "Drain: Environment"/);
  });

  it('names a server on another database', () => {
    assert.deepEqual(attentionWords(report([], [server('differs')])), ['drift: API server localhost:8000']);
  });

  it('says how git stands, once for the database and what lies beside it', () => {
    const beside = inGit({ relativePath: 'seed.db-wal' });
    const words = (changes: Partial<GitFinding>): string[] =>
      attentionWords(report([], [], [inGit(changes), beside]));
    assert.deepEqual(words({ isTracked: true, isStaged: true }), ['staged for a commit in git']);
    assert.deepEqual(words({ isTracked: true, isIgnored: true }), ['tracked by git']);
    assert.deepEqual(words({}), ['not ignored by git']);
  });

  it('lists all of it, each with its fix as a link to its row', () => {
    const list = attentionList(report(['git', 'different-id'], [dotenv])) ?? '';
    assert.match(list, /No such file\\?\. \[\$\(wrench\) Fix…\]\(command:autopackHygiene\.fixIssue\?/);
    assert.match(list, /git\\?\. \[\$\(wrench\) Keep It Out of Git…\]/);
    assert.match(list, /different-id\\?\. \[\$\(wrench\) Fix…\]/);
    assert.match(list, /command:autopackHygiene\.showIdentity/);
  });
});

describe('the issues of a database', () => {
  it('are all there are, gravest first', () => {
    const codes = [
      'not-adopted',
      'git',
      'replaced',
      'stale-phases',
      'drift',
      'api-server',
      'copy-or-restored',
    ] as const;
    const issues = issuesOf(report([...codes], [server('unknown'), dotenv, { ...dotenv, state: 'same' }]));
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['replaced', 'copy-or-restored', 'api-server', 'drift', 'not-adopted', 'git', 'stale-phases'],
    );
    assert.deepEqual(issuesOf(report([])), []);
  });
});
