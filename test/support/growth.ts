/** Characters of which hostile texts are made: one of them over and over, or two in turn, end with what lets no pattern match. */
const pieces = [
  ...[
    '\n',
    ' ',
    '\t',
    '\r\n',
    '0',
    'a',
    'A',
    '_',
    '-',
    '.',
    ',',
    ':',
    ';',
    '/',
    '\\',
    '"',
    "'",
    '`',
    '(',
    ')',
    '[',
    ']',
  ],
  ...[
    '{',
    '}',
    '<',
    '>',
    '|',
    '*',
    '#',
    '=',
    '+',
    '@',
    '$',
    '%',
    '&',
    '?',
    '!',
    '~',
    '^',
    '\u001b[',
    '\u0007',
    'é',
    '\u200b',
  ],
  ...[
    ' \n',
    'a ',
    'a\n',
    '0 ',
    '0.',
    'a.',
    'a_',
    'a-',
    '/a',
    'a/',
    ': ',
    '= ',
    '\\a',
    '"a',
    "'a' ",
    '`a',
    '<a',
    '((',
    '[a',
    '{"',
  ],
  ...[
    '://',
    'a@',
    '00:',
    '0a',
    'Error',
    'error: ',
    'status ',
    'http ',
    'code: ',
    '"code": ',
    'failed ',
    '[SQL: ',
    'File "',
    '1 day, ',
  ],
];

/** Texts made of one piece each, of that many UTF-16 units. */
function hostileTexts(length: number): readonly { readonly piece: string; readonly text: string }[] {
  return pieces.map((piece) => ({ piece, text: hostileText(piece, length) }));
}

function hostileText(piece: string, length: number): string {
  return `${piece.repeat(Math.ceil(length / piece.length)).slice(0, length - 1)}\u0001`;
}

/** Lengths of texts that are tried first; four times as much work is done on the larger for four times the text. */
const [screened, small, large] = [8_000, 4_000, 16_000];
/**
 * Below these many ms a measurement says more about the machine than about the work, and nothing is wrong either: a square
 * of a few thousand characters takes longer even at a tenth of a nanosecond for each step.
 */
const [negligibleScreened, negligible] = [3, 12];
/** Four times the text is four times the work, or sixteen times where it is quadratic. */
const mostGrowth = 9;

/**
 * The first piece on which work grows faster than its text, among those given or all; `null` where there is none. All are
 * tried once on short texts; only what takes long there is measured, several times, in time of this thread's processor: other
 * programs make work take longer, but hardly more work.
 */
export function superlinearPiece(work: (text: string) => unknown, only?: readonly string[]): string | null {
  const found = hostileTexts(screened).find(
    ({ piece, text }) =>
      (only?.includes(piece) ?? true) &&
      msOf(work, text) >= negligibleScreened &&
      msOf(work, text) >= negligibleScreened &&
      growsTooFast(work, piece) &&
      growsTooFast(work, piece),
  );
  return found?.piece ?? null;
}

function growsTooFast(work: (text: string) => unknown, piece: string): boolean {
  const least = (length: number, times: number): number =>
    Math.min(...Array.from({ length: times }, () => msOf(work, hostileText(piece, length))));
  const many = least(large, 2);
  return many >= negligible && many / least(small, 3) >= mostGrowth;
}

/** Processor time of this thread, not of the garbage collector's or of other programs. */
function msOf(work: (text: string) => unknown, text: string): number {
  const begun = process.threadCpuUsage();
  work(text);
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}
