// Lint with type information, and the import boundaries of the architecture (src/README.md).
import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { boundaries } from './boundaries.mjs';

const nodeModules = { group: ['node:*'], message: 'Node belongs to src/node; the core takes a port.' };
const vscodeModule = { group: ['vscode'], message: 'vscode belongs to src/editor.' };
const sqlJs = { group: ['sql.js'], message: 'Only src/core/db/sqlJs imports sql.js.' };
const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  {
    ignores: [
      'src/core/hostGlobals.d.ts',
      'dist/**',
      'node_modules/**',
      '.vscode-test/**',
      'test/artefacts/**',
      'examples/workspace/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/webview/tsconfig.json'],
        tsconfigRootDir: `${import.meta.dirname}/..`,
      },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: `${import.meta.dirname}/..`, zones: boundaries }],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'max-lines': ['error', 300],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.mjs', '.js'] } } },
  },
  { files: ['src/**/*.ts'], rules: restrict(vscodeModule, sqlJs) },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      ...restrict(nodeModules, vscodeModule, sqlJs),
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'require',
        'console',
        'window',
        'document',
        'setTimeout',
        'setInterval',
        'fetch',
      ],
    },
  },
  { files: ['src/core/db/sqlJs/**/*.ts'], rules: restrict(nodeModules, vscodeModule) },
  {
    files: ['src/webview/**/*.ts', 'src/reader/**/*.ts', 'src/web/**/*.ts'],
    rules: restrict(nodeModules, vscodeModule, sqlJs),
  },
  { files: ['src/editor/**/*.ts', 'src/extension.ts'], rules: restrict(sqlJs) },
  {
    files: ['src/editor/browser/**/*.ts', 'src/webExtension.ts', 'src/webStart.ts'],
    rules: restrict(nodeModules, sqlJs),
  },
  {
    files: ['src/editor/**/*.ts', 'src/extension.ts', 'src/webExtension.ts'],
    ignores: ['src/editor/window/safeWindow.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.property.name="window"][property.name=/^(show(Information|Warning|Error)Message|showQuickPick|showInputBox|withProgress)$/]',
          message: 'Texts come from databases and files: use safeWindow, which shows them escaped.',
        },
      ],
    },
  },
  { files: ['test/**/*.ts'], rules: { ...restrict(), '@typescript-eslint/no-floating-promises': 'error' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
