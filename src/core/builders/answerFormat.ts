/** A file as a model's answer gives it. */
export interface AnsweredFile {
  /** As the answer names it: not checked. */
  readonly path: string;
  /** The whole content. */
  readonly content: string;
}

/** An answer as it was understood. */
export type ParsedAnswer =
  | { readonly kind: 'files'; readonly files: readonly AnsweredFile[] }
  /** `complaint` tells the model what to correct, in sentences without anything of the answer that is not printable. */
  | { readonly kind: 'unusable'; readonly complaint: string };
