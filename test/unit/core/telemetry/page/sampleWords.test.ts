import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { qualityName, reasonName } from '../../../../../src/core/telemetry/page/sampleWords.ts';
import { describeFilter, noFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { sampleQualities, suspicions } from '../../../../../src/core/telemetry/samples/sampleQuality.ts';
import { provideTranslations } from '../../../../../src/core/text/l10n.ts';

describe('classes of samples and reasons in words', () => {
  afterEach(() => provideTranslations(() => null));

  it('are in English what they are called in data', () => {
    assert.deepEqual(sampleQualities.map(qualityName), sampleQualities);
    assert.deepEqual(suspicions.map(reasonName), suspicions);
  });

  it('are translated, also in the words of a filter', () => {
    provideTranslations(() => ({
      'clean/quality': 'sauber',
      'suspect/quality': 'verdächtig',
      'duplicate/reason': 'doppelt',
      quality: 'Qualität',
      'suspect for': 'verdächtig wegen',
      ' or ': ' oder ',
    }));
    assert.equal(qualityName('clean'), 'sauber');
    const filter = { ...noFilter, qualities: ['clean', 'suspect'], reasons: ['duplicate'] } as const;
    assert.deepEqual(describeFilter(filter), [
      { name: 'Qualität', words: 'sauber oder verdächtig' },
      { name: 'verdächtig wegen', words: 'doppelt' },
    ]);
  });
});
