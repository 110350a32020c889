import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import {
  counted,
  formatBytes,
  formatCompact,
  formatDecimal,
  formatDollars,
  formatNumber,
  formatPercent,
  formatRatio,
} from '../../../../src/core/text/quantities.ts';
import { formatDuration } from '../../../../src/core/text/times.ts';

describe('quantities in words', () => {
  afterEach(() => provideTranslations(() => null));

  it('counts in the singular and the plural', () => {
    assert.deepEqual(
      [0, 1, 1200].map((count) => counted(count, 'run')),
      ['0 runs', '1 run', '1,200 runs'],
    );
  });

  it('marks decimals as the language does', () => {
    provideTranslations(() => ({ './decimals': ',', ',/thousands': '\u202f' }));
    assert.deepEqual(
      [
        ...[formatDecimal(1.345, 2), formatNumber(1234.5, 3), formatNumber(7, 2), formatCompact(12_200)],
        ...[formatDollars(0), formatDollars(1234.5), formatDollars(0.0123), formatDollars(0.00001)],
        ...[formatBytes(2_000_000), formatPercent(0.01), formatPercent(5.04, 5), formatRatio(1.35)],
        formatDuration(800),
      ],
      [
        ...['1,34', '1\u202f234,5', '7', '12,2K'],
        ...['$0,00', '$1\u202f234,50', '$0,0123', '< $0,0001'],
        ...['1,9 MiB', '< 0,1 %', '5,04 %', '1,35 x'],
        '0,8 s',
      ],
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
