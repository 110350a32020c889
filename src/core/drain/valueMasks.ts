import { either, type ErrorMask } from './errorMask.ts';

/** Masks for what something is: times, names, settings, amounts. They stand behind the masks for places, which hold such values. */
export const valueMasks: readonly ErrorMask[] = [
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
