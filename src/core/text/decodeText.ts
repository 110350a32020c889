/** The text of a file in UTF-8, or in UTF-16 where a byte order mark says so, as Windows PowerShell writes; without the mark. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** Parses JSON that may begin with a byte order mark, which editors of Windows write and `JSON.parse` refuses. */
export function parseJsonText(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** Replaces percent escapes; a text in which they do not spell UTF-8 is left as it stands. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
