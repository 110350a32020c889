import { parse as parseTomlText } from 'smol-toml';
import stripJsonComments from 'strip-json-comments';
import { parseAllDocuments } from 'yaml';
import type { AnsweredFile } from '../../core/builders/answerFormat.ts';

/*
 * A bundle of its own, for its libraries are larger than all that checks deliverables besides; nothing else of ours is imported,
 * so that no class exists twice.
 */

/** What is longer is not looked at in this process, in UTF-16 units: a parser may take its time. */
const longest = 1 << 20;

/** Why a file of data does not parse; `null` where it does. Throws a `RangeError` for one that is too large to be looked at. */
export type DataParser = (file: AnsweredFile) => string | null;

/** The parser for a file's name; `null` where there is none. */
export function dataParserFor(path: string): DataParser | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  if (ending === 'jsonc' || /^(?:ts|js)config(?:\..{1,100})?\.json$/.test(name))
    return bounded(jsonWithComments);
  return bounded(parsers[ending] ?? null);
}

type Parse = (text: string) => void;

const parsers: Readonly<Partial<Record<string, Parse>>> = {
  ...{ json: parseJson, geojson: parseJson, webmanifest: parseJson, ipynb: parseJson, har: parseJson },
  ...{ jsonl: parseJsonLines, ndjson: parseJsonLines },
  ...{ yaml: parseYaml, yml: parseYaml, toml: parseToml },
};

function bounded(parse: Parse | null): DataParser | null {
  if (parse === null) return null;
  return ({ content }) => {
    if (content.length > longest) throw new RangeError('too large');
    try {
      parse(content);
      return null;
    } catch (error) {
      if (error instanceof RangeError) return 'it nests too deep';
      return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it does not parse';
    }
  };
}

function parseJson(text: string): void {
  JSON.parse(text);
}

function jsonWithComments(text: string): void {
  JSON.parse(stripJsonComments(text, { trailingCommas: true }));
}

function parseJsonLines(text: string): void {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      JSON.parse(line);
    } catch (error) {
      throw new Error(`line ${index + 1}: ${error instanceof Error ? error.message : ''}`, { cause: error });
    }
  }
}

/** Aliases are not expanded, so that a few lines cannot become gigabytes. */
function parseYaml(text: string): void {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const [error] = Array.isArray(documents) ? documents.flatMap(({ errors }) => errors) : [];
  if (error !== undefined) throw error;
}

function parseToml(text: string): void {
  parseTomlText(text);
}
