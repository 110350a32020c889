export {
  codeBlock,
  escapeMarkdown,
  escapeMarkdownLines as escapeLines,
  factList,
  inlineCode,
} from '../../core/text/markdown.ts';
