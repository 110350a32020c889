/** The version of the masks and of how they are applied: fingerprints of different versions must not be compared. */
export const errorMaskVersion = 'h2';

/** One kind of text that differs between occurrences of one failure, and what stands in its place. */
export interface ErrorMask {
  readonly name: string;
  /** Why it must not tell failures apart. */
  readonly why: string;
  /** A text and what this mask alone makes of it. */
  readonly example: readonly [text: string, masked: string];
  /** Global, for lower-case text. What repeats is one class of characters or bounded, so that a pass stays linear. */
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** In the order in which they apply: what may hold spaces first, then the specific before the general. */
export const errorMasks: readonly ErrorMask[] = [
  {
    name: 'HTTP requests',
    why: 'The method tells requests apart, the address does not.',
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
  {
    name: 'URLs',
    why: 'Host, path and query are of one call.',
    example: ['see https://a.example/b?c=1.', 'see <url>.'],
    pattern: /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>()[\]{},;]*[^\s"'<>()[\]{},;.:!?]/g,
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
    pattern:
      /(?:(?<![\w<])[a-z]:|\\\\[\w.$-]{1,64})[\\/](?:[^\\/:*?"<>|\n]{1,100}[\\/]){0,40}[^\s\\/:*?"<>|,;()[\]]{0,200}/g,
    replacement: '<path>',
  },
  {
    name: 'POSIX paths',
    why: 'As above; in an absolute path a space belongs to a folder if a slash ends the word behind it.',
    example: ['no /home/my files/a.py or src/b.py.', 'no <path> or <path>.'],
    pattern:
      /(?<![\w<>/])(?:~|\.{1,2})?\/(?=[\w.])(?:(?:[\w@+$%-]{1,60} ){0,3}[\w.@+$%-]{1,100}\/){0,40}(?:[\w.@+$%*-]{0,200}[\w@+$%*-])?|(?<![\w<>/.-])(?:[\w.@+$%-]{1,100}\/){1,40}(?:[\w.@+$%*-]{0,200}[\w@+$%*-])?/g,
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
    pattern:
      /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.]*\w)|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/g,
    replacement: '<host>',
  },
  {
    name: 'dates and times',
    why: 'Every occurrence has its own.',
    example: ['at 2025-12-29 19:03:48,123 or fri jun 17 07:07:00 2005', 'at <time> or <time>'],
    pattern:
      /\b\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[t ,_-]{1,2}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,9})?(?: ?z\b| ?[+-]\d{2}:?\d{2}\b)?)?|\b(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?(?:,? \d{4})?\b|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/g,
    replacement: '<time>',
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
    why: 'Hosts, modules and classes are put in; what an exception is called is kept.',
    example: [
      'a.b.c raised requests.exceptions.connectionerror',
      '<name> raised requests.exceptions.connectionerror',
    ],
    pattern:
      /(?<![\w.<$-])(?![\w.$-]{0,200}(?:error|exception|warning|timeout|exit|interrupt)\b)[\w$-]{1,100}(?:\.[\w$-]{1,100}){2,12}(?![\w$])/g,
    replacement: '<name>',
  },
  {
    name: 'names that are announced',
    why: 'SQLite, Python and operating systems name the thing that lacks.',
    example: ['no such table: events for user bob', 'no such table: <name> for user <name>'],
    pattern: /\b(no such [a-z]{1,20}:|named|user) (?!<)[\w.-]{1,100}/g,
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
    pattern:
      /(?<![\w-])[0-9a-f]{8}(?:[0-9a-f]{0,56}|-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![\w-])/g,
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
