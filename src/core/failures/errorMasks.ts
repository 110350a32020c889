/** Masks for where something is: in files, on networks, in code. */
const placeMasks: readonly ErrorMask[] = [
  {
    name: 'URLs',
    why: 'Host, path and query are of one call.',
    example: ['see https://a.example/b?c=1.', 'see <url>.'],
    pattern:
      /\b[a-z][a-z0-9+.-]{1,15}:\/\/(?:\[[0-9a-f:.%]{2,60}\](?::\d{1,5})?(?:\/[^\s"'<>()[\]{},;]{0,2000}[^\s"'<>()[\]{},;.:!?])?|[^\s"'<>()[\]{},;]*[^\s"'<>()[\]{},;.:!?])/g,
    replacement: '<url>',
  },
  {
    name: 'e-mail addresses',
    why: 'People differ.',
    example: ['no mail to a.b@example.org', 'no mail to <email>'],
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g,
    replacement: '<email>',
  },
  {
    name: 'Windows paths',
    why: 'Machines and files differ; a folder may have spaces in its name.',
    example: ['no c:\\program files\\a b\\c.py', 'no <path>'],
    pattern: either(
      // With a drive, then shares of a server.
      /(?<![\w<])[a-z]:[\\/](?:[^\\/:*?"<>|\n]{1,100}[\\/]){0,40}[^\s\\/:*?"<>|,;()[\]]{0,200}/,
      /\\\\[\w.$-]{1,64}[\\/](?:[^\\/:*?"<>|\n]{1,100}[\\/]){0,40}[^\s\\/:*?"<>|,;()[\]]{0,200}/,
    ),
    replacement: '<path>',
  },
  {
    name: 'POSIX paths',
    why: 'As above; in an absolute path a space belongs to a folder if a slash ends the word behind it.',
    example: ['no /home/my files/a.py or src/b.py.', 'no <path> or <path>.'],
    pattern: either(
      // Absolute, then relative.
      /(?<![\w<>/])(?:~|\.{1,2})?\/(?=[\w.])(?:(?:[\w@+$%-]{1,60} ){0,3}[\w.@+$%-]{1,100}\/){0,40}(?:[\w.@+$%*-]{0,200}[\w@+$%*-])?/,
      /(?<![\w<>/.-])(?!\d{1,4}\/\d{1,2}\/\d{1,4}(?![\w/]))(?:[\w.@+$%-]{1,100}\/){1,40}(?:[\w.@+$%*-]{0,200}[\w@+$%*-])?/,
    ),
    replacement: '<path>',
  },
  {
    name: 'file names',
    why: 'A path without its folder.',
    example: ['missing circuit_breaker.py', 'missing <path>'],
    pattern:
      /(?<![\w.<-])[\w-]{1,100}\.(?:py|pyc|ipynb|js|mjs|cjs|ts|tsx|jsx|json|jsonl|ya?ml|toml|ini|cfg|conf|env|md|rst|txt|log|csv|html?|css|sql|sqlite3?|db|sh|bat|ps1|patch|diff|lock|xml|properties|jar|zip|gz|tar|exe|dll|so)\b(?!\.\w)/g,
    replacement: '<path>',
  },
  {
    name: 'test ids',
    why: 'pytest names a test by its file, its class and itself.',
    example: ['<path>::testcart::test_empty[a-b] failed', '<path> failed'],
    pattern: /<path>(?:::[\w.[\]-]{1,100}){1,5}/g,
    replacement: '<path>',
  },
  {
    name: 'network addresses',
    why: 'IPv4, IPv6 and MAC addresses are of one machine.',
    example: ['no answer from 127.0.0.1:8123 or fe80::1:2', 'no answer from <host> or <host>'],
    pattern: either(
      /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.]*\w)/,
      // In brackets with a port, whole, and with zeros left out.
      /\[(?=[0-9a-f.]{0,40}:[0-9a-f.]{0,40}:)[0-9a-f:.]{2,45}(?:%[\w.-]{1,20})?\](?::\d{1,5})?/,
      /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/,
      /(?<![\w:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])/,
    ),
    replacement: '<host>',
  },
  {
    name: 'host names with a port',
    why: 'The machine that was asked.',
    example: ['refused by db.local:5432 and localhost:80', 'refused by <host> and <host>'],
    pattern: /(?<![\w.<-])(?:localhost|[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}):\d{1,5}\b/g,
    replacement: '<host>',
  },
  {
    name: 'dotted names',
    why: 'Hosts, modules and classes are put in; what an exception is called is kept, and digits alone are no name.',
    example: [
      'a.b.c raised requests.exceptions.connectionerror',
      '<name> raised requests.exceptions.connectionerror',
    ],
    pattern:
      /(?<![\w.<$-])(?![\d.]{1,200}(?![\w$-]))(?![\w.$-]{0,200}(?:error|exception|warning|timeout|exit|interrupt)\b)[\w$-]{1,100}(?:\.[\w$-]{1,100}){2,12}(?![\w$])/g,
    replacement: '<name>',
  },
];

/** Masks for what something is: times, names, settings, amounts. They stand behind the masks for places, which hold such values. */
const valueMasks: readonly ErrorMask[] = [
  {
    name: 'dates and times',
    why: 'Every occurrence has its own.',
    example: ['at 2025-12-29 19:03:48,123 or fri jun 17 07:07:00 2005', 'at <time> or <time>'],
    pattern: either(
      // A date in digits and perhaps a time, a date in words and perhaps a time, a time with its half of the day.
      /\b(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})(?:[t ,_-]{1,2}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,9})?(?: ?[ap]\.?m\b\.?)?(?: ?z\b| ?utc\b| ?[+-]\d{2}:?\d{2}\b)?)?/,
      /\b(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,4}(?:,? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b)?)?(?:,? \d{4}(?:,? (?:at )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b)?)?)?\b/,
      /\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?[ap]\.?m\b\.?/,
    ),
    replacement: '<time>',
  },
  {
    name: 'durations in hours',
    why: 'Python writes days before them; a time of the day without a date reads alike.',
    example: ['after 1 day, 2:03:04 or 0:12:30.5', 'after <n> or <n>'],
    pattern: /(?:(?<![\w.])-?\d{1,9} days?, )?\b\d{1,3}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/g,
    replacement: '<n>',
  },
  {
    name: 'names that are announced',
    why: 'SQLite, Python and operating systems name the thing that lacks.',
    example: ['no such table: events for user bob', 'no such table: <name> for user <name>'],
    pattern:
      /\b(no such [a-z]{1,20}:|named|user|constraint failed:) (?!<)[\w.-]{1,100}(?:, [\w-]{1,60}\.[\w.-]{1,60}){0,12}/g,
    replacement: '$1 <name>',
  },
  {
    name: 'settings',
    why: 'What a key was set to, unless the key says what went wrong.',
    example: ['role=builder, reason=rejected', 'role=<value>, reason=rejected'],
    pattern:
      /(?<!\b(?:reason|error|err|status|state|type|cause|kind|exception|message|msg|result))(?<=\w)=(?:<[a-z]{1,8}>|[^\s=,;()[\]{}<>"']){1,200}/g,
    replacement: '=<value>',
  },
  {
    name: 'UUIDs, hashes and hex without a digit',
    why: 'Names of one thing; those with a digit are words with digits.',
    example: ['mask ffffffff', 'mask <n>'],
    pattern: either(
      /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/,
      // Git shortens to seven; three words of English are as long and made of those letters, and digits alone are a number.
      /(?<![\w-])(?!\d{7,64}(?!\w)|(?:acceded|defaced|effaced)(?!\w))[0-9a-f]{7,64}(?![\w-])/,
      // Keys, of which services show both ends.
      /(?<![\w-])(?:sk|pk|org|proj|req|key)[-_][\w*.…-]{3,200}/,
    ),
    replacement: '<n>',
  },
  {
    name: 'numbers, with sign and unit',
    why: 'Amounts, durations, sizes and line numbers differ; a limit (`<1 sec`) is an amount too.',
    example: ['took -1.5 s and 12kb', 'took <n> and <n>'],
    pattern:
      /(?:[<>~] ?)?(?<![\w.-])[-+#]?\d{1,40}(?:[.,:]\d{1,40}){0,6}(?:e[-+]?\d{1,4})?(?: ?(?:%|[kmgt]?i?b|bytes?|bits?|tokens?|[mµun]?s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?)(?![\w%])|%|(?![\w]))/g,
    replacement: '<n>',
  },
  {
    name: 'words with digits',
    why: 'Jobs, nodes, tests, versions and ids of runs and phases: one name for one thing.',
    example: ['job_14_0020 on node-d1', '<n> on <n>'],
    pattern: /(?<![\w-])[-+#]?[a-z_-]{0,200}\d[\w-]{0,200}/g,
    replacement: '<n>',
  },
];

/** The version of the masks and of how they are applied: fingerprints of different versions must not be compared. */
export const errorMaskVersion = 'h3';

/** In the order in which they apply: what may hold spaces first, then the specific before the general. */
export const errorMasks: readonly ErrorMask[] = [
  {
    name: 'HTTP requests',
    why: 'Requests differ by their method, not by their address.',
    example: ['"get /runs/7 http/1.1" failed', 'get <url> failed'],
    pattern: /(["'`])(get|post|put|patch|delete|head|options) [^\s"'`]{1,300}(?: http\/[\d.]{1,5})?\1/g,
    replacement: '$2 <url>',
  },
  {
    name: 'quoted values',
    why: 'What is quoted was put in. An apostrophe inside a word opens nothing.',
    example: [`can't find 'a b'`, `can't find <value>`],
    pattern: /"[^"\n]{0,300}"|`[^`\n]{0,300}`|(?<![\w<>])'[^'\n]{0,300}'(?!\w)/g,
    replacement: '<value>',
  },
  ...placeMasks,
  ...valueMasks,
];

/** One kind of text that differs between occurrences of one failure, and what stands in its place. */
interface ErrorMask {
  readonly name: string;
  /** Why it must not tell failures apart. */
  readonly why: string;
  /** A text and what this mask alone makes of it. */
  readonly example: readonly [text: string, masked: string];
  /** Global, for lower-case text. What repeats is one class of characters or bounded, so that a pass stays linear. */
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** One global pattern that matches what any of these does; the first that matches at a place takes it. */
function either(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'g');
}
