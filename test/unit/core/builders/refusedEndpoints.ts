import type { EndpointSources } from '../../../../src/core/builders/endpointSettings.ts';
import { model, openAiKey, ownKey } from './endpointTable.ts';

/** What is refused, and what is said. */
export const refused: readonly (readonly [
  name: string,
  code: 'no-endpoint' | 'invalid-url' | 'invalid-argument',
  from: Partial<EndpointSources>,
  says: RegExp,
])[] = [
  ['nothing at all', 'no-endpoint', {}, /No model endpoint is set up/],
  [
    'no model',
    'no-endpoint',
    { environment: { OPENAI_API_KEY: openAiKey } },
    /No model chosen for api\.openai\.com/,
  ],
  [
    'no key for a provider',
    'no-endpoint',
    { explicit: { ...model, provider: 'anthropic' } },
    /No API key for api\.anthropic\.com/,
  ],
  [
    'another provider',
    'invalid-argument',
    { explicit: { ...model, provider: 'gemini' } },
    /neither openai nor anthropic/,
  ],
  [
    'a model with a line break',
    'invalid-argument',
    { explicit: { model: 'a\nb', baseUrl: 'http://localhost:1' } },
    /name of the model/,
  ],
  [
    'a key with a line break',
    'invalid-argument',
    { explicit: model, environment: { OPENAI_API_KEY: 'sk-canary\r\nx-evil: 1' } },
    /OPENAI_API_KEY has spaces, line breaks/,
  ],
  [
    'a planted URL',
    'invalid-url',
    {
      explicit: model,
      environment: { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'https://evil.example' },
      plantedVariables: new Set(['OPENAI_BASE_URL']),
    },
    /A file of this workspace sets the model endpoint to evil\.example/,
  ],
  [
    'a planted URL of ours',
    'invalid-url',
    {
      explicit: model,
      environment: { AUTOPACK_HYGIENE_API_KEY: ownKey, AUTOPACK_HYGIENE_BASE_URL: 'https://evil.example' },
      plantedVariables: new Set(['AUTOPACK_HYGIENE_BASE_URL']),
    },
    /A file of this workspace/,
  ],
  [
    'a password in the URL',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'https://user:pw-canary@api.openai.com/v1' } },
    /user or password/,
  ],
  [
    'a token as the user of the URL',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'https://tok-canary@api.openai.com/v1' } },
    /user or password/,
  ],
  [
    'a query',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'https://x.example/v1?key=q-canary' } },
    /query or fragment/,
  ],
  [
    'another scheme',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'file:///etc/passwd' } },
    /not an http or https URL/,
  ],
  ['no URL', 'invalid-url', { explicit: { ...model, baseUrl: 'not a url' } }, /not an http or https URL/],
  [
    'http to another host',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'http://models.example.com/v1' } },
    /plain http/,
  ],
  [
    'http to a number that is no private address',
    'invalid-url',
    { explicit: { ...model, baseUrl: 'http://172.32.0.1/v1' } },
    /plain http/,
  ],
  [
    'http with a key on the local network',
    'invalid-url',
    {
      explicit: { ...model, baseUrl: 'http://192.168.1.7:8000' },
      environment: { AUTOPACK_HYGIENE_API_KEY: ownKey },
    },
    /would get the API key over plain http/,
  ],
];
