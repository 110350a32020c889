import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import {
  contextual,
  currentTranslations,
  provideTranslations,
  t,
  type Translations,
} from '../../../../src/core/text/l10n.ts';
import { counted } from '../../../../src/core/text/quantities.ts';

function speak(translations: Translations): void {
  provideTranslations(() => translations);
}

describe('translated texts', () => {
  afterEach(() => provideTranslations(() => null));

  it('are English where nothing is translated', () => {
    assert.equal(currentTranslations(), null);
    assert.equal(t`Delete ${'r-1'} of ${2}?`, 'Delete r-1 of 2?');
  });

  it('are looked up by their English form, and may order what they are given anew', () => {
    speak({ 'Delete {0} of {1}?': '{0} aus {1} löschen?', '{0} in {1}': 'In {1}: {0}' });
    assert.equal(t`Delete ${'r-1'} of ${'a.db'}?`, 'r-1 aus a.db löschen?');
    assert.equal(t`${'x'} in ${'y'}`, 'In y: x');
  });

  it('are English where one translation is missing', () => {
    speak({ Other: 'Anderes' });
    assert.equal(t`Delete ${'r-1'}?`, 'Delete r-1?');
  });

  it('take no property of objects for a translation', () => {
    speak({});
    assert.equal(t`constructor`, 'constructor');
  });

  it('leave braces and placeholders that are given to them as they are', () => {
    speak({ 'Set {0}': '{0} setzen' });
    assert.equal(t`Set ${'{1} {name}'}`, '{1} {name} setzen');
    assert.equal(t`Set {"a": 1}`, 'Set {"a": 1}');
  });

  it('tell the same English words apart by their context', () => {
    speak({ Drain: 'Abarbeitung', 'Drain/verb': 'Abarbeiten' });
    assert.equal(t`Drain`, 'Abarbeitung');
    assert.equal(contextual('verb')`Drain`, 'Abarbeiten');
    speak({});
    assert.equal(contextual('verb')`Drain`, 'Drain');
  });

  it('have a form for one and a form for more', () => {
    speak({
      ...{ '{0} run': '{0} Lauf', '{0} runs': '{0} Läufe', '{0} retries': '{0} Wiederholungen' },
      ',/thousands': '\u202f',
    });
    assert.equal(counted(1, 'run'), '1 Lauf');
    assert.equal(counted(1200, 'run'), '1\u202f200 Läufe');
    assert.equal(counted(0, 'retry', 'retries'), '0 Wiederholungen');
    assert.equal(counted(1, 'retry', 'retries'), '1 retry');
  });

  it('change with the translations, which are asked for with each text', () => {
    const title = (): string => t`Runs`;
    assert.equal(title(), 'Runs');
    speak({ Runs: 'Läufe' });
    assert.equal(title(), 'Läufe');
  });
});
