import { either, type ErrorMask } from './errorMask.ts';

/** Masks for what something is: times, names, settings, amounts. They stand behind the masks for places, which hold such values. */
export const valueMasks: readonly ErrorMask[] = [
  {
    name: 'dates and times',
    why: 'Every occurrence has its own.',
    example: ['at 2025-12-29 19:03:48,123 or fri jun 17 07:07:00 2005', 'at <time> or <time>'],
    pattern: either(
      // A date in digits and perhaps a time, a date in words and perhaps a time, a time alone.
      /\b\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[t ,_-]{1,2}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,9})?(?: ?z\b| ?[+-]\d{2}:?\d{2}\b)?)?/,
      /\b(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?(?:,? \d{4})?\b/,
      /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/,
    ),
    replacement: '<time>',
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
    pattern: either(
      /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/,
      /(?<![\w-])[0-9a-f]{8,64}(?![\w-])/,
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
