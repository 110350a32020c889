const hidden = '***';
/** A shorter one could be part of anything, so that hiding it would only spoil texts. */
const shortestHidden = 6;

/** An API key of a model endpoint. It shows as `***` wherever it is printed, put into JSON or into a text by mistake. */
export class EndpointKey {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The key itself, for the header of a request alone. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }
}

/** The text with the key hidden, in the forms that servers and libraries repeat it in. */
export function hideKey(text: string, key: EndpointKey | null): string {
  const value = key?.reveal() ?? '';
  if (value.length < shortestHidden) return text;
  const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64(value)];
  return forms.reduce((rest, form) => rest.replaceAll(form, hidden), text);
}

/** Of a key, which is printable ASCII; without the end, which depends on what follows. */
function base64(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let encoded = '';
  for (let start = 0; start + 3 <= text.length; start += 3) {
    const bits =
      (text.charCodeAt(start) << 16) | (text.charCodeAt(start + 1) << 8) | text.charCodeAt(start + 2);
    for (const shift of [18, 12, 6, 0]) encoded += alphabet.charAt((bits >> shift) & 63);
  }
  return encoded;
}
