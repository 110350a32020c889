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

function hostileText(piece: string, length: number): string {
  return `${piece.repeat(Math.ceil(length / piece.length)).slice(0, length - 1)}\u0001`;
}

/** Texts that are tried first, made of one piece each. */
const tried: ReadonlyMap<string, string> = new Map(pieces.map((piece) => [piece, hostileText(piece, 8_000)]));
/**
 * Below these many ms a measurement says more about the machine than about the work (some count in steps of 4 ms), and
 * nothing is wrong either: a square of a few thousand characters takes longer even at a tenth of a nanosecond for each step.
 */
const [negligibleTried, negligible] = [3, 12];
/** What takes so many ms on the texts tried first can be measured on them; other work only on longer ones. */
const measurable = 40;
/** Four times the text is four times the work, or sixteen times where it is quadratic. */
const mostGrowth = 9;

/**
 * The first piece on which work grows faster than its text, among those given or all; `null` where there is none. All are
 * tried once on short texts; only what takes long there is measured, several times, in time of this thread's processor: other
 * programs make work take longer, but hardly more work.
 */
export function superlinearPiece(
  work: (text: string) => unknown,
  only: readonly string[] = pieces,
): string | null {
  const found = only.find((piece) => {
    const text = tried.get(piece) ?? '';
    const taken = msOf(work, text);
    if (taken < negligibleTried || msOf(work, text) < negligibleTried) return false;
    const [small, large] = taken >= measurable ? [2_000, 8_000] : [4_000, 16_000];
    const growsTooFast = (): boolean => {
      const least = (length: number, times: number): number =>
        Math.min(...Array.from({ length: times }, () => msOf(work, hostileText(piece, length))));
      const many = least(large, 2);
      return many >= negligible && many / least(small, 3) >= mostGrowth;
    };
    return growsTooFast() && growsTooFast();
  });
  return found ?? null;
}

/** Processor time of this thread, not of the garbage collector's or of other programs. */
function msOf(work: (text: string) => unknown, text: string): number {
  const begun = process.threadCpuUsage();
  work(text);
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}
