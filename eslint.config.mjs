import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const rulesOfImports = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          regex: '^@cdktf/provider-[^/]+$',
          message:
            'The barrel of a prebuilt provider costs seconds and hundreds of MB. Import deeply, e.g. @cdktf/provider-google/lib/container-cluster.',
        },
      ],
    },
  ],
};

const barrelByCall = {
  selector: [
    'ImportExpression[source.value=/^@cdktf\\u002Fprovider-[^\\u002F]+$/]',
    'TSImportType[source.value=/^@cdktf\\u002Fprovider-[^\\u002F]+$/]',
    "CallExpression[callee.name='require'][arguments.0.value=/^@cdktf\\u002Fprovider-[^\\u002F]+$/]",
    "CallExpression[callee.object.name='require'][arguments.0.value=/^@cdktf\\u002Fprovider-[^\\u002F]+$/]",
  ].join(', '),
  message: 'The barrel of a prebuilt provider costs seconds and hundreds of MB. Import deeply.',
};

const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Re-export by name, so that what is public is a decision and can be read here.',
};

const indexOnlyReExports = {
  selector: 'Program > :not(ExportNamedDeclaration[source])',
  message: 'An index.ts only re-exports by name. Put code into a file with a subject.',
};

/** Which type of package may import which. A type that is not listed here may import nothing of the workspace. */
const mayDependOn = {
  'type:core': ['type:core', 'type:testing'],
  'type:rehearsal': ['type:core', 'type:engine', 'type:testing'],
  'type:testing': ['type:core', 'type:engine', 'type:rehearsal', 'type:testing'],
  'type:provider': ['type:core', 'type:testing'],
  'type:tool': ['type:core', 'type:testing'],
  'type:environment': ['type:core', 'type:provider', 'type:tool', 'type:testing', 'type:rehearsal'],
  'type:engine': ['type:core', 'type:testing'],
  'type:nx': ['type:core', 'type:engine', 'type:rehearsal', 'type:testing'],
  'type:cli': ['type:core', 'type:engine', 'type:rehearsal', 'type:testing'],
  'type:docs': [
    'type:core',
    'type:rehearsal',
    'type:provider',
    'type:tool',
    'type:environment',
    'type:testing',
  ],
  'type:repo': ['type:repo'],
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/out-tsc/',
      '**/coverage/',
      'tmp/',
      '.nx/',
      '**/cdktf.out/',
      '**/.mlterra/',
      '**/.terraform/',
      '**/files/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...rulesOfImports,
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          banTransitiveDependencies: true,
          // Entries of these that are heavy are loaded when they are needed, the light ones at once.
          checkDynamicDependenciesExceptions: ['@mlterra/catalogue', '@mlterra/sealing'],
          depConstraints: Object.entries(mayDependOn).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
            sourceTag,
            onlyDependOnLibsWithTags,
          })),
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      'no-restricted-syntax': ['error', exportAll, barrelByCall],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Methods that Node and TypeScript hand out as plain functions are not declared so.
      '@typescript-eslint/unbound-method': 'off',
      // An implementation of an asynchronous contract need not wait for anything.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', '**/src/**/testing/**/*.ts', '**/e2e/**/*.ts'],
    rules: {
      // Tests look into synthesised and printed JSON, whose shape is what they are about.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/src/index.ts'],
    rules: { 'no-restricted-syntax': ['error', exportAll, barrelByCall, indexOnlyReExports] },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Buffer',
          'URL',
          'clearInterval',
          'clearTimeout',
          'console',
          'performance',
          'process',
          'setInterval',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: rulesOfImports,
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', __filename: 'readonly' },
    },
  },
);
