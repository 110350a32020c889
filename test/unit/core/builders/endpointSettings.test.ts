import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { EndpointKey } from '../../../../src/core/builders/endpointKey.ts';
import { resolveEndpoint, type EndpointSources } from '../../../../src/core/builders/endpointSettings.ts';
import { both, model, ownKey, resolved } from './endpointTable.ts';
import { refused } from './refusedEndpoints.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';

function sources(changes: Partial<EndpointSources> = {}): EndpointSources {
  return {
    ...{ explicit: {}, settings: {}, environment: {}, plantedVariables: new Set<string>() },
    storedKey: () => Promise.resolve(undefined),
    ...changes,
  };
}

describe('the settings of an endpoint', () => {
  for (const [name, from, provider, baseUrl, key] of resolved) {
    it(name, async () => {
      const settings = await resolveEndpoint(sources(from));
      assert.deepEqual(
        [settings.provider, settings.baseUrl, settings.key?.reveal() ?? null],
        [provider, baseUrl, key],
      );
      assert.equal(settings.keySource === null, key === null);
      assert.doesNotMatch(
        inspect(settings, { depth: 9, showHidden: true }) + JSON.stringify(settings) + String(settings.key),
        /canary/,
      );
    });
  }

  it('takes a stored key for the origin it is stored for alone, before any variable', async () => {
    const asked: string[] = [];
    const storedKey = (origin: string): Promise<string | undefined> => {
      asked.push(origin);
      return Promise.resolve(origin === 'https://openrouter.ai' ? 'stored-canary' : undefined);
    };
    const environment = { AUTOPACK_HYGIENE_API_KEY: ownKey };
    const at = async (baseUrl: string): Promise<string | undefined> =>
      (
        await resolveEndpoint(sources({ explicit: { ...model, baseUrl }, environment, storedKey }))
      ).key?.reveal();
    assert.equal(await at('https://openrouter.ai/api/v1'), 'stored-canary');
    assert.equal(await at('https://openrouter.ai.example/api/v1'), ownKey);
    assert.deepEqual(asked, ['https://openrouter.ai', 'https://openrouter.ai.example']);
  });

  it('says that a key is set and not sent', async () => {
    const explicit = { ...model, baseUrl: 'https://openrouter.ai/api/v1' };
    const { notes } = await resolveEndpoint(sources({ explicit, environment: both }));
    assert.match(notes.join(), /OPENAI_API_KEY is not sent to openrouter\.ai.*AUTOPACK_HYGIENE_API_KEY/);
    assert.doesNotMatch(notes.join(), /canary/);
  });

  for (const [name, code, from, says] of refused) {
    it(`refuses ${name}`, async () => {
      const error = await rejectsWith(code, resolveEndpoint(sources(from)));
      assert.match(error.message, says);
      assert.doesNotMatch(`${error.message} ${error.nextStep} ${inspect(error)}`, /canary/);
    });
  }

  it('is a key that shows nowhere', () => {
    const key = new EndpointKey('canary-value');
    assert.deepEqual(
      [String(key), JSON.stringify({ key }), inspect(key, { showHidden: true }).includes('canary')],
      ['***', '{"key":"***"}', false],
    );
    assert.equal(key.reveal(), 'canary-value');
    assert.equal(JSON.stringify(structuredClone({ key })).includes('canary'), false);
  });
});
