import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { counted, formatBytes, formatCompact, formatDollars } from '../../../../src/core/text/quantities.ts';

describe('quantities in words', () => {
  afterEach(() => provideTranslations(() => null));

  it('counts in the singular and the plural', () => {
    assert.deepEqual(
      [0, 1, 1200].map((count) => counted(count, 'run')),
      ['0 runs', '1 run', '1,200 runs'],
    );
  });

  it('parts thousands as the language does', () => {
    provideTranslations(() => ({ '{0} runs': '{0} Läufe', ',/thousands': '\u202f' }));
    assert.deepEqual(
      [counted(1_234_567, 'run'), formatDollars(1200.5)],
      ['1\u202f234\u202f567 Läufe', '$1\u202f200.50'],
    );
  });

  it('shortens tokens and bytes', () => {
    assert.equal(formatCompact(12_195), '12.2K');
    assert.deepEqual([0, 1023, 1024, 1_966_080, 1.66 * 1024 ** 3].map(formatBytes), [
      '0 bytes',
      '1023 bytes',
      '1.0 KiB',
      '1.9 MiB',
      '1.7 GiB',
    ]);
  });
});
