import fc from 'fast-check';

/** What somebody could put in the place of a value in JSON. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -0,
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    8.64e15 + 1,
    '',
    ' ',
    '\0',
    '\u202e',
    '\ud800',
    '9e999',
    'Infinity',
  ),
  fc.constantFrom(
    [],
    {},
    [[]],
    { __proto__: 1 },
    { constructor: null },
    '../../etc/passwd',
    '/dev/zero',
    'x'.repeat(5000),
    '2026-02-30T25:61:61Z',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The text of a JSON file with some of its values replaced, keys removed, or bytes changed. */
export function mutated(value: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(value);
  const step = fc.record({ at: fc.nat(), by: odd, how: fc.constantFrom('replace', 'remove', 'add') });
  const structural = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => {
    const copy: unknown = JSON.parse(text);
    for (const { at, by, how } of steps) {
      const places = placesIn(copy);
      const place = places[at % Math.max(1, places.length)];
      if (place === undefined) continue;
      // A copy, for what is put in may be changed by a later step.
      const put: unknown = JSON.parse(JSON.stringify(by));
      if (how === 'replace') place.holder[place.key] = put;
      else if (how === 'remove') Reflect.deleteProperty(place.holder, place.key);
      else place.holder[`${place.key}x`] = put;
    }
    return JSON.stringify(copy).replaceAll('1e+308', '1e999');
  });
  return fc.oneof(
    structural,
    bytesOf(text),
    fc.constantFrom('', 'null', '[]', '{}', '"', '\ufeff', `\ufeff${text}`, '['.repeat(100_000)),
  );
}

function placesIn(value: unknown): { readonly holder: Record<string, unknown>; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** A text with pieces cut out, doubled, or put in. */
export function bytesOf(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '\0',
      '\r',
      '\r\n',
      '\u001b[31m',
      '"',
      "'",
      '\\',
      '${',
      '}',
      '=',
      '#',
      '\u2028',
      '\ud800',
    ),
  );
  const step = fc.record({
    at: fc.nat(Math.max(0, text.length - 1)),
    cut: fc.nat(40),
    piece,
    times: fc.constantFrom(1, 1, 3, 500),
  });
  return fc
    .array(step, { minLength: 1, maxLength: 5 })
    .map((steps) =>
      steps.reduce(
        (whole, { at, cut, piece: put, times }) =>
          whole.slice(0, at) + put.repeat(times) + whole.slice(at + cut),
        text,
      ),
    );
}
