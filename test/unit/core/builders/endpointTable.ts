import type { EndpointSources } from '../../../../src/core/builders/endpointSettings.ts';

/** OpenAI's. */
export const openAiKey = 'sk-openai-canary-000';
const anthropicKey = 'sk-ant-canary-111';
/** For `AUTOPACK_HYGIENE_API_KEY`. */
export const ownKey = 'own-canary-222';

type Environment = Readonly<Record<string, string>>;
/** The keys of both providers. */
export const both: Environment = { OPENAI_API_KEY: openAiKey, ANTHROPIC_API_KEY: anthropicKey };
/** Any model. */
export const model = { model: 'm' };

/** What is resolved to a provider, a base URL and a key. */
export const resolved: readonly (readonly [
  name: string,
  from: Partial<EndpointSources>,
  provider: string,
  baseUrl: string,
  key: string | null,
])[] = [
  [
    'OpenAI by its key',
    { explicit: model, environment: { OPENAI_API_KEY: openAiKey } },
    'openai',
    'https://api.openai.com/v1',
    openAiKey,
  ],
  [
    'Anthropic by its key',
    { explicit: model, environment: { ANTHROPIC_API_KEY: anthropicKey } },
    'anthropic',
    'https://api.anthropic.com/v1',
    anthropicKey,
  ],
  [
    'Anthropic by the model, with both keys',
    { explicit: { model: 'claude-opus-5-5' }, environment: both },
    'anthropic',
    'https://api.anthropic.com/v1',
    anthropicKey,
  ],
  [
    'OpenAI with both keys',
    { explicit: { model: 'gpt-6-sol' }, environment: both },
    'openai',
    'https://api.openai.com/v1',
    openAiKey,
  ],
  [
    'Anthropic where it is named',
    { explicit: { ...model, provider: 'Anthropic' }, environment: both },
    'anthropic',
    'https://api.anthropic.com/v1',
    anthropicKey,
  ],
  [
    'our key for whatever is named',
    {
      explicit: { ...model, provider: 'openai' },
      environment: { ...both, AUTOPACK_HYGIENE_API_KEY: ownKey },
    },
    'openai',
    'https://api.openai.com/v1',
    ownKey,
  ],
  [
    'Ollama without a path',
    { explicit: { ...model, baseUrl: 'http://localhost:11434' } },
    'openai',
    'http://localhost:11434/v1',
    null,
  ],
  [
    'Ollama by its own API',
    { explicit: { ...model, baseUrl: 'http://localhost:11434/api/' } },
    'openai',
    'http://localhost:11434/v1',
    null,
  ],
  [
    'llama.cpp without a scheme',
    { explicit: { ...model, baseUrl: '127.0.0.1:8080' } },
    'openai',
    'http://127.0.0.1:8080/v1',
    null,
  ],
  [
    'vLLM on all addresses',
    { explicit: { ...model, baseUrl: 'http://0.0.0.0:8000/v1/' } },
    'openai',
    'http://127.0.0.1:8000/v1',
    null,
  ],
  [
    'LM Studio by IPv6',
    { explicit: { ...model, baseUrl: 'http://[::1]:1234/v1' } },
    'openai',
    'http://[::1]:1234/v1',
    null,
  ],
  [
    'a copied resource',
    { explicit: { ...model, baseUrl: 'http://localhost:8000/v1/chat/completions' } },
    'openai',
    'http://localhost:8000/v1',
    null,
  ],
  [
    'a path of its own',
    { explicit: { ...model, baseUrl: 'https://openrouter.ai/api/v1' } },
    'openai',
    'https://openrouter.ai/api/v1',
    null,
  ],
  [
    'Anthropic’s protocol elsewhere',
    { explicit: { ...model, baseUrl: 'https://api.example.com/anthropic' } },
    'anthropic',
    'https://api.example.com/anthropic/v1',
    null,
  ],
  [
    'a server of the local network',
    { explicit: { ...model, baseUrl: 'http://192.168.1.7:11434' } },
    'openai',
    'http://192.168.1.7:11434/v1',
    null,
  ],
  [
    'the settings before the environment',
    {
      settings: { ...model, baseUrl: 'http://localhost:1/v1' },
      environment: { AUTOPACK_HYGIENE_BASE_URL: 'http://localhost:2/v1' },
    },
    'openai',
    'http://localhost:1/v1',
    null,
  ],
  [
    'ours before the provider’s',
    {
      explicit: model,
      environment: {
        AUTOPACK_HYGIENE_BASE_URL: 'http://localhost:2',
        OPENAI_BASE_URL: 'http://localhost:3',
      },
    },
    'openai',
    'http://localhost:2/v1',
    null,
  ],
  [
    'empty texts as none',
    {
      explicit: { model: 'm', baseUrl: ' ' },
      environment: { AUTOPACK_HYGIENE_BASE_URL: '', OPENAI_API_KEY: ` ${openAiKey}\n` },
    },
    'openai',
    'https://api.openai.com/v1',
    openAiKey,
  ],
  // Which key goes where.
  [
    'OpenAI’s key stays with OpenAI',
    { explicit: { ...model, baseUrl: 'https://openrouter.ai/api/v1' }, environment: both },
    'openai',
    'https://openrouter.ai/api/v1',
    null,
  ],
  [
    'OpenAI’s key stays off this machine',
    { explicit: { ...model, baseUrl: 'http://localhost:8000' }, environment: both },
    'openai',
    'http://localhost:8000/v1',
    null,
  ],
  [
    'OpenAI’s key goes where its own variable says',
    {
      explicit: model,
      environment: { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'https://gateway.example.com/v1' },
    },
    'openai',
    'https://gateway.example.com/v1',
    openAiKey,
  ],
  [
    'and also where that is said again',
    {
      explicit: { ...model, baseUrl: 'https://gateway.example.com/v1' },
      environment: { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'https://gateway.example.com' },
    },
    'openai',
    'https://gateway.example.com/v1',
    openAiKey,
  ],
  [
    'but not to a host that only begins like it',
    { explicit: { ...model, baseUrl: 'https://api.openai.com.evil.example' }, environment: both },
    'openai',
    'https://api.openai.com.evil.example/v1',
    null,
  ],
  [
    'nor to the other provider’s',
    {
      explicit: { ...model, provider: 'openai', baseUrl: 'https://api.example.com' },
      environment: { ...both, ANTHROPIC_BASE_URL: 'https://api.example.com' },
    },
    'openai',
    'https://api.example.com/v1',
    null,
  ],
  [
    'our key goes to a server that is named',
    {
      explicit: { ...model, baseUrl: 'https://openrouter.ai/api/v1' },
      environment: { ...both, AUTOPACK_HYGIENE_API_KEY: ownKey },
    },
    'openai',
    'https://openrouter.ai/api/v1',
    ownKey,
  ],
  [
    'a planted URL of this machine gets no key',
    {
      explicit: model,
      environment: { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'http://localhost:9' },
      plantedVariables: new Set(['OPENAI_BASE_URL']),
    },
    'openai',
    'http://localhost:9/v1',
    null,
  ],
  [
    'a planted URL that a person confirms',
    {
      explicit: { ...model, baseUrl: 'https://gateway.example.com/v1' },
      environment: { OPENAI_API_KEY: openAiKey, OPENAI_BASE_URL: 'https://gateway.example.com/v1' },
      plantedVariables: new Set(['OPENAI_BASE_URL']),
    },
    'openai',
    'https://gateway.example.com/v1',
    openAiKey,
  ],
];
