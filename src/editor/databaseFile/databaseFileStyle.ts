/** How the page of a file looks, in the colors of VS Code. */
export const style = `
body { padding: 0 1.5rem 2rem; line-height: 1.5; }
main { max-width: 72rem; }
h1 { font-weight: 600; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 1.75rem; }
.role { font-weight: 600; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 1.2rem 0.2rem 0; overflow-wrap: anywhere; }
thead ~ tbody td:nth-last-child(-n + 2) { white-space: nowrap; }
thead th { white-space: nowrap; border-bottom: 1px solid var(--vscode-panel-border); }
.button { display: inline-block; padding: 0.35rem 0.9rem; border-radius: 2px; text-decoration: none;
  color: var(--vscode-button-foreground); background: var(--vscode-button-background);
  border: 1px solid var(--vscode-contrastBorder, transparent); }
.button:hover { color: var(--vscode-button-foreground); background: var(--vscode-button-hoverBackground); }
`;
