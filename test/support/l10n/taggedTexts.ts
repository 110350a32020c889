import ts from 'typescript';

/** A text that a source has tagged for translation. */
export interface TaggedText {
  /** As it stands in the translations: with numbered placeholders, and its context if it has one. */
  readonly key: string;
  /** Counted from 1. */
  readonly line: number;
  /** It is evaluated with its module, before anybody could have said in which language. */
  readonly isTooEarly: boolean;
}

/** What a source has tagged, and counts that are not written out so that one could find their forms. */
export interface TaggedSource {
  readonly texts: readonly TaggedText[];
  /** Lines (from 1) of counts whose forms are no literals. */
  readonly unknownCounts: readonly number[];
}

/** Finds t`...`, contextual('...')`...` and counted(n, '...') in a source of ours. */
export function taggedTexts(source: ts.SourceFile): TaggedSource {
  const texts: TaggedText[] = [];
  const unknownCounts: number[] = [];
  const imported = importedNames(source);
  const lineOf = (node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const add = (node: ts.Node, key: string): number =>
    texts.push({ key, line: lineOf(node), isTooEarly: isEvaluatedWithModule(node) });
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      const context = contextOfTag(node.tag);
      if (context !== null && imported.has('l10n')) add(node, `${keyOf(node.template)}${context}`);
    } else if (isCount(node) && imported.has('quantities')) {
      const [, singular, plural] = node.arguments;
      const [one, many] = [literal(singular), literal(plural)];
      if (one === null || (plural !== undefined && many === null)) unknownCounts.push(lineOf(node));
      else for (const form of [one, many ?? `${one}s`]) add(node, `{0} ${form}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { texts, unknownCounts };
}

/** The key of a template: its text with numbered placeholders. */
export function keyOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (key, { literal: { text } }, index) => `${key}{${index}}${text}`,
    template.head.text,
  );
}

/** Which of the modules of texts a source imports. */
function importedNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = source.statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier }) => {
    const path = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
    return /(?:^|\/)(l10n|quantities)\.ts$/.exec(path)?.[1] ?? '';
  });
  return new Set(names);
}

/** What a tag adds to the key; `null` where it is none of ours. */
function contextOfTag(tag: ts.Expression): string | null {
  if (ts.isIdentifier(tag)) return tag.text === 't' ? '' : null;
  if (!ts.isCallExpression(tag) || !ts.isIdentifier(tag.expression)) return null;
  const context = literal(tag.arguments[0]);
  return tag.expression.text === 'contextual' && context !== null ? `/${context}` : null;
}

function isCount(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'counted';
}

function literal(node: ts.Expression | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;
}

function isStatic(field: ts.PropertyDeclaration): boolean {
  return field.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true;
}

/** Whether it stands in no function, and in no field of the instances of a class. */
function isEvaluatedWithModule(node: ts.Node): boolean {
  for (let each: ts.Node = node; !ts.isSourceFile(each); each = each.parent) {
    if (ts.isFunctionLike(each)) return false;
    if (ts.isPropertyDeclaration(each) && !isStatic(each)) return false;
  }
  return true;
}
