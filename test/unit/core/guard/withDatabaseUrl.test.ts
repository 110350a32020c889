import assert from 'node:assert/strict';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { withDatabaseUrl } from '../../../../src/core/guard/withDatabaseUrl.ts';

describe('withDatabaseUrl', () => {
  it('replaces the value and leaves the rest of the file alone', () => {
    const before = '# Autopack\nexport DATABASE_URL = sqlite:///old.db # old\nDEBUG=1\n';
    assert.equal(
      withDatabaseUrl(before, 'sqlite:////new.db'),
      '# Autopack\nDATABASE_URL=sqlite:////new.db\nDEBUG=1\n',
    );
  });

  it('replaces every assignment, for the last one counts', () => {
    const text = withDatabaseUrl('DATABASE_URL=a\nDATABASE_URL=b', 'sqlite:////new.db');
    assert.equal(text, 'DATABASE_URL=sqlite:////new.db\nDATABASE_URL=sqlite:////new.db');
  });

  it('adds a line to a file without one, after a line break', () => {
    assert.equal(withDatabaseUrl('DEBUG=1', 'sqlite:////x.db'), 'DEBUG=1\nDATABASE_URL=sqlite:////x.db\n');
    assert.equal(withDatabaseUrl('', 'sqlite:////x.db'), 'DATABASE_URL=sqlite:////x.db\n');
  });

  it('is read back as what was written, whatever the file is called', () => {
    const names = fc.string({
      unit: fc.constantFrom('a', ' ', '#', '$', '"', '`', '-', 'ü', '='),
      minLength: 1,
    });
    fc.assert(
      fc.property(names, (name) => {
        const url = `sqlite:////data/${name}.db`;
        assert.equal(parse(withDatabaseUrl('OTHER=1\n', url)).DATABASE_URL, url);
      }),
    );
  });
});
