import { either, type ErrorMask } from './errorMask.ts';

/** Masks for where something is: in files, on networks, in code. */
export const placeMasks: readonly ErrorMask[] = [
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
