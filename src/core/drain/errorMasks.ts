import type { ErrorMask } from './errorMask.ts';
import { placeMasks } from './placeMasks.ts';
import { valueMasks } from './valueMasks.ts';

/** The version of the masks and of how they are applied: fingerprints of different versions must not be compared. */
export const errorMaskVersion = 'h3';

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
  ...placeMasks,
  ...valueMasks,
];
