/** Where an HTTP status of a model service is named: in its client's words, in a status line, in the JSON of an answer. */
export function status(...codes: readonly string[]): RegExp {
  const code = `(?:${codes.join('|')})`;
  return new RegExp(
    String.raw`\b(?:error code|http(?:\/\d(?:\.\d)?)?|http error|status(?:[ _]code)?)["']?\W{0,4}${code}\b|\b(?:anthropic|openai|gemini|google|azure|bedrock|mistral|cohere|groq|deepseek|openrouter|api)\b[^\n]{0,40}[ (]${code}\b|["'](?:code|status)["']\s{0,3}:\s{0,3}["']?${code}\b`,
    'i',
  );
}

/** An error type or code of a provider, whether as a class, in JSON or in a text. */
export function named(...names: readonly string[]): RegExp {
  return new RegExp(String.raw`(?:\b|_)(?:${names.join('|')})\b`, 'i');
}
