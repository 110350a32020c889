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
export function hostileTexts(length: number): readonly { readonly piece: string; readonly text: string }[] {
  return pieces.map((piece) => ({
    piece,
    text: `${piece.repeat(Math.ceil(length / piece.length)).slice(0, length - 1)}\u0001`,
  }));
}

/**
 * Below this many ms a measurement says more about the machine than about the work, and nothing is wrong either: work that
 * grows with the square of its text takes several times as long on the larger one.
 */
const negligibleMs = 200;
/** Four times the text is four times the work, or sixteen times where it is quadratic. */
const mostGrowth = 9;
const small = hostileTexts(10_000);
const large = hostileTexts(40_000);

/**
 * The first piece on which work grows faster than its text, among those given or all; `null` where there is none. What
 * looks so is measured again: other programs make work slower, never faster.
 */
export function superlinearPiece(work: (text: string) => unknown, only?: readonly string[]): string | null {
  const found = small.find(({ piece, text }, index) => {
    const larger = large[index]?.text ?? '';
    return (only?.includes(piece) ?? true) && [1, 2, 3].every(() => growsTooFast(work, text, larger));
  });
  return found?.piece ?? null;
}

function growsTooFast(work: (text: string) => unknown, text: string, larger: string): boolean {
  const many = msOf(work, larger);
  return many >= negligibleMs && many / Math.min(msOf(work, text), msOf(work, text)) >= mostGrowth;
}

function msOf(work: (text: string) => unknown, text: string): number {
  const begun = performance.now();
  work(text);
  return performance.now() - begun;
}
