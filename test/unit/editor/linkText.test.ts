import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatLink, linkLabel, parseLink, type AutopackLink } from '../../../src/editor/links/linkText.ts';

const id = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter((text) => !text.includes('\0'));

describe('links', () => {
  it('come back as they were made, whatever is in an id', () => {
    const target = fc.oneof(
      fc.record({ kind: fc.constant('run' as const), runId: id }),
      fc.record({ kind: fc.constant('phase' as const), runId: id, phaseId: id }),
      fc.record({ kind: fc.constant('cluster' as const), fingerprint: id }),
      fc.constant({ kind: 'report' as const }),
    );
    const link: fc.Arbitrary<AutopackLink> = fc.record({
      target,
      database: fc.constantFrom(null, '/a b/ü&x=1.db', 'C:\\work\\a.db', 'postgresql://me@db:5432/a%20b'),
    });
    fc.assert(
      fc.property(link, (each) =>
        assert.equal(JSON.stringify(parseLink(formatLink(each))), JSON.stringify(each)),
      ),
    );
  });

  it('carry the filter of the Runs view', () => {
    const filter = { states: ['FAILED', 'QUEUED'], text: 'a & b', categories: ['tests'], complexities: [] };
    const link = { target: { kind: 'runs', filter }, database: null } as const;
    assert.deepEqual(parseLink(formatLink(link)), link);
    assert.deepEqual(parseLink({ path: '/runs', query: '' }), {
      target: { kind: 'runs', filter: null },
      database: null,
    });
  });

  it('are refused where they are none of ours, or name a database of another machine or none at all', () => {
    const refused = [
      ['/', ''],
      ['/run', ''],
      ['/run/', ''],
      ['/run/a/phase', ''],
      ['/run/a/phase/b/c', ''],
      ['/drain/a', ''],
      ['/run/%E0%A4%A', ''],
      ['/run/a%00', ''],
      ['/run/a', 'database=relative.db'],
      ['/run/a', 'database=..%2F..%2Fx.db'],
      ['/run/a', 'database=%5C%5Cserver%5Cshare%5Cx.db'],
      ['/run/a', 'database=%2F%2Fserver%2Fx.db'],
      ['/run/a', 'database=C:%5C%5Cserver'],
      ['/run/a', 'database=vscode-vfs%3A%2F%2Fx'],
      ['/run/a', 'database=%2Fa%00.db'],
      ['/run/a', `database=${encodeURIComponent('postgresql://me:hunter2@db:5432/a')}`],
      ['/run/a', `database=${encodeURIComponent('postgresql://me@db:5432/a?sslkey=x')}`],
      [`/run/${'a'.repeat(5000)}`, ''],
    ] as const;
    for (const [path, query] of refused) assert.equal(parseLink({ path, query }), null, `${path}?${query}`);
  });

  it('say in words what they lead to', () => {
    assert.equal(linkLabel({ kind: 'phase', runId: 'r', phaseId: 'p' }), 'the phase p of r');
  });
});
