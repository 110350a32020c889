import type * as vscode from 'vscode';
import { printable, printableLines } from '../../core/text/printable.ts';

/** What a row of a tree says. */
export type RowTexts = Pick<
  vscode.TreeItem,
  'label' | 'description' | 'tooltip' | 'accessibilityInformation'
>;

/** A tree item whose texts are safe to show, whatever ids and states they contain. Changes the given item. */
export function safeTreeItem<T extends RowTexts>(item: T): T {
  const { label, description, tooltip, accessibilityInformation } = item;
  if (typeof label === 'string') item.label = printable(label);
  else if (label !== undefined) item.label = { ...label, label: printable(label.label) };
  if (typeof description === 'string') item.description = printable(description);
  // Markdown is made safe where it is put together.
  if (typeof tooltip === 'string') item.tooltip = printableLines(tooltip);
  if (accessibilityInformation !== undefined) {
    const spoken = { ...accessibilityInformation, label: printable(accessibilityInformation.label) };
    item.accessibilityInformation = spoken;
  }
  return item;
}

/** An input box whose texts are safe to show; its initial value is left as it is. */
export function safeInputBox<T extends vscode.InputBoxOptions>(options: T): T {
  const { title, prompt, placeHolder } = options;
  return {
    ...options,
    ...(title === undefined ? {} : { title: printable(title) }),
    ...(prompt === undefined ? {} : { prompt: printable(prompt) }),
    ...(placeHolder === undefined ? {} : { placeHolder: printable(placeHolder) }),
  };
}

/** A pick item whose texts are safe to show. */
export function safePickItem<T extends vscode.QuickPickItem>(item: T): T {
  const { label, description, detail } = item;
  return {
    ...item,
    label: printable(label),
    ...(description === undefined ? {} : { description: printable(description) }),
    ...(detail === undefined ? {} : { detail: printable(detail) }),
  };
}
