import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import type { DatabaseFingerprint } from '../../../../src/core/identity/databaseFingerprint.ts';
import { findingsOf, type Finding, type LookedInto } from '../../../../src/core/identity/findings.ts';
import type { StalePhase } from '../../../../src/core/identity/stalePhase.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';

const bundle = join(import.meta.dirname, '../../../../media/l10n/bundle.l10n.de.json');
const german = JSON.parse(readFileSync(bundle, 'utf8')) as Record<string, string>;

const phase = { state: 'EXECUTING' } as StalePhase;
const facts = {
  fingerprint: {
    ...{ path: '/repo/seed.db', id: null, isAutopack: true },
    migrations: { state: 'no-version' },
  } as DatabaseFingerprint,
  verdict: { kind: 'unknown', differences: [] },
  pinsProblem: null,
  drift: [],
  sourceChanges: [],
  git: [
    {
      ...{ path: '/repo/seed.db', relativePath: 'seed.db', repository: '/repo' },
      ...{ isTracked: true, isStaged: false, isIgnored: false },
    },
  ],
  wantsMigrations: true,
  deadLock: { lockPath: '/repo/seed.db.lock', pid: 7, since: '2026-01-02T03:04:05Z', sessionId: null },
  stale: { stale: [phase], workers: null },
  canaries: ['canary-1', 'canary-2'],
} as unknown as LookedInto;

describe('findings', () => {
  afterEach(() => provideTranslations(() => null));

  const inBoth = (looked: LookedInto): readonly [Finding[], Finding[]] => {
    const english = findingsOf(looked);
    provideTranslations(() => german);
    return [english, findingsOf(looked)];
  };
  const about = (findings: readonly Finding[]) => findings.map(({ code, about }) => ({ code, about }));

  it('that a person may ignore are about the same in every language', () => {
    const [english, translated] = inBoth(facts);
    assert.deepEqual(
      english.map(({ code }) => code),
      ['not-adopted', 'git', 'no-migrations', 'lock-left', 'stale-phases', 'canary-left'],
    );
    assert.ok(english.every(({ about }) => about !== undefined));
    assert.deepEqual(about(translated), about(english));
    const same = english.filter(({ message }, index) => translated[index]?.message === message);
    assert.deepEqual(same, []);
  });

  it('are about something else where there is more of it', () => {
    const [before] = findingsOf({ ...facts, deadLock: null }).slice(-2);
    const more = { ...facts, deadLock: null, stale: { ...facts.stale, stale: [phase, phase] } };
    const [after] = findingsOf(more).slice(-2);
    assert.ok(before?.code === 'stale-phases' && after !== undefined);
    assert.notEqual(after.about, before.about);
  });
});
