/** What planted text does to a terminal or to a reader: clears, colors, titles, overwrites, reverses, hides, breaks lines. */
export const hostileText =
  '\u001b[2J\u001b[1;1H\u001b]0;owned\u0007\u001b]8;;http://evil.example\u001b\\x\u001b]8;;\u001b\\\r\b\u009b31m\u007f\u0085\u202e\u2066\u200b\u200f\ufeff\u2028\u00ad\n[x](command:evil)<img src=x>`|*';

/** Everything of it that must never be shown as it is: what a test looks for in what is shown. Line feeds are ours to use. */
export const unsafeCharacter =
  // eslint-disable-next-line no-control-regex -- controls are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** A line of its own that a planted line feed would make. */
export const forgedLine = /^\[x\]\(command:evil\)/m;
