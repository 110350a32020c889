/** Variables that hold keys of models: for whoever calls a model alone, and for no other program that we start. */
export const modelKeyVariables: readonly string[] = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'AUTOPACK_HYGIENE_API_KEY',
];
