import ts from 'typescript';
import { keyOf } from './taggedTexts.ts';

/** A text that reads as if people read it, and is not tagged for translation. */
export interface UntaggedText {
  /** With numbered placeholders. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly node: ts.StringLiteralLike | ts.TemplateExpression;
}

/** Names of people, products and formats, which are the same in every language, also with placeholders around them. */
const names =
  /\b(?:Autopack(?: Hygiene)?|PostgreSQL|SQLite|Alembic|Anthropic|OpenAI|Ollama|Python|Git|GitHub|Markdown|VS Code|HTML|CSV|JSON(?: Lines)?|PNG|SVG|MCP|API|URL|ID)\b/g;

/** Finds what people may read: two words, a word beside a placeholder, or one word with a capital. */
export function untaggedTexts(source: ts.SourceFile): UntaggedText[] {
  const found: UntaggedText[] = [];
  const visit = (node: ts.Node): void => {
    if (isTemplateOrString(node)) {
      const text = ts.isTemplateExpression(node) ? keyOf(node) : node.text;
      if (isReadable(text) && !isForMachines(node, text)) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        found.push({ text, line, node });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTemplateOrString(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function isReadable(text: string): boolean {
  const own = text.replaceAll(names, '').replaceAll(/`[^`]*`/g, '');
  const word = String.raw`\p{L}[\p{L}'’-]*`;
  return (
    new RegExp(String.raw`(?<![\w./#-])${word}[,.:;]?\s+\(?${word}(?![\w/=])`, 'u').test(own) ||
    new RegExp(
      String.raw`\{\d+\}[,.:;)]?\s+${word}(?![\w/=(])|(?<![\w./#-])${word}[,.:;]?\s+\(?\{\d+\}`,
      'u',
    ).test(own) ||
    /^\p{Lu}\p{Ll}+(?:-\p{Ll}+)*[…:.?]?$/u.test(own)
  );
}

/** Statements of SQL, with the spelling that all of ours have. */
const sql =
  /^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|ROLLBACK|WITH|ATTACH|DETACH|VACUUM|ANALYZE|SET|SAVEPOINT|RELEASE|LOCK|SHOW|START|AND|OR|FROM|WHERE|ORDER BY|GROUP BY|ON CONFLICT|LEFT JOIN|JOIN|UNION|VALUES|LIMIT|HAVING|CASE|EXISTS|NOT|PRIMARY KEY|REFERENCES|COALESCE|CAST)\b/;

function isForMachines(node: ts.StringLiteralLike | ts.TemplateExpression, text: string): boolean {
  const { parent } = node;
  return (
    sql.test(text) ||
    isOfModule(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isTaggedTemplateExpression(parent) ||
    isName(node, parent) ||
    isCompared(parent) ||
    isGivenTo(node, ignoredCalls)
  );
}

/** `import './a.ts'`, `import('./a.ts')`. */
function isOfModule(parent: ts.Node): boolean {
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword)
  );
}

/** `{ 'a b': 1 }`, `a['a b']`. */
function isName(node: ts.Node, parent: ts.Node): boolean {
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isElementAccessExpression(parent) && parent.argumentExpression === node)
  );
}

/** `a === 'A'`, `case 'A':`. */
function isCompared(parent: ts.Node): boolean {
  if (ts.isCaseClause(parent)) return true;
  const comparisons = [
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ts.SyntaxKind.InKeyword,
  ];
  return ts.isBinaryExpression(parent) && comparisons.includes(parent.operatorToken.kind);
}

/** Errors of programs, logs of developers, parts of texts that are looked for, and counts, whose forms are found otherwise. */
const ignoredCalls =
  /^(?:(?:Type|Range|Syntax)?Error|RegExp|counted|contextual|(?:.*\.)?(?:debug|info|warn|error)|(?:.*\.)?(?:startsWith|endsWith|includes|indexOf|localeCompare|querySelector(?:All)?|createElement(?:NS)?|(?:set|get|remove|has|toggle)Attribute|describe|executeCommand|registerCommand|setContext))$/;

/** Whether a call takes it, also by way of operators and brackets. */
function isGivenTo(node: ts.Node, calls: RegExp): boolean {
  let given: ts.Node = node;
  while (
    ts.isConditionalExpression(given.parent) ||
    ts.isBinaryExpression(given.parent) ||
    ts.isParenthesizedExpression(given.parent)
  )
    given = given.parent;
  const { parent } = given;
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  return parent.expression !== given && calls.test(parent.expression.getText());
}
