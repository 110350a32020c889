/** The version of the masks: fingerprints of different versions must not be compared. */
export const errorMaskVersion = 'h1';

/** What is replaced by what, in this order: the specific before the general. All work on lower-case text. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]+/g, '<url>'],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/g, '<email>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:z|[+-]\d{2}:?\d{2})?)?/g, '<time>'],
  [/\b\d{8}[-t_]\d{4,6}\b/g, '<time>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g, '<time>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, '<ip>'],
  [/\b0x[0-9a-f]+\b/g, '<hex>'],
  // Quoted values first, for a quoted path may hold spaces; an apostrophe inside a word opens nothing.
  [/"[^"\n]{1,300}"|`[^`\n]{1,300}`|(?<![a-z0-9])'[^'\n]{1,300}'(?![a-z0-9])/g, '<value>'],
  [/(?:\b[a-z]:|\\\\[\w.-]+)\\(?:[^\s\\:*?"<>|]+(?: [^\s\\:*?"<>|]+)*\\)*[^\s\\:*?"<>|,;)]*/g, '<path>'],
  [/(?<![\w<])(?:\.{0,2}\/)?(?:[\w.@+-]+\/)+[\w.@+-]+\/?|(?<![\w<>])\/[\w.@+-]+/g, '<path>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/g, '<hash>'],
  [/\b(line|column|col|pid|port) ?:? ?\d+/g, '$1 <n>'],
  [/(<path>|<value>):\d+(?::\d+)?/g, '$1'],
  [
    /[+-]?\b\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?: ?(?:%|[kmgt]i?b|bytes?|tokens?|ms|µs|us|ns|s|secs?|seconds?|min|minutes?|h|hours?)\b|%)?/g,
    '<n>',
  ],
];

/** Longer texts are cut before they are masked, to bound the work. */
const longestError = 2000;

/** What tells failures apart is rarely behind this many characters. */
const longestPattern = 200;

/**
 * An error text without what differs between occurrences of one failure; `ids` are the ids of run and phase.
 * Equal results mean the same failure, as far as masks can tell.
 */
export function maskError(text: string, ids: readonly string[] = []): string {
  let masked = text.slice(0, longestError).toLowerCase();
  for (const id of ids.map((each) => each.toLowerCase()).sort((a, b) => b.length - a.length)) {
    // A short id (`1`, `p1`) would also hit parts of words.
    if (id.length >= 4) masked = masked.replaceAll(id, '<id>');
  }
  for (const [pattern, replacement] of masks) masked = masked.replace(pattern, replacement);
  return masked.replace(/\s+/g, ' ').trim().slice(0, longestPattern);
}
