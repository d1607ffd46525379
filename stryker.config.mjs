// @ts-nocheck
import { mutatedModules } from './tests/mutation/modules.mjs'

/** Removes one check at a time. `MODULE=sessions npm run test:mutation` mutates one module and runs only its tests. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  // packages are linked to this checkout, so a copy would test the originals
  inPlace: true,
  concurrency: 1,
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  mutate: [...mutatedModules().map((name) => `packages/server/src/${name}/**/*.ts`), '!**/*.test.ts', '!**/*.d.ts'],
  mutator: {
    excludedMutations: [
      'ArithmeticOperator',
      'ArrayDeclaration',
      'ArrowFunction',
      'AssignmentOperator',
      'BlockStatement',
      'BooleanLiteral',
      'MethodExpression',
      'ObjectLiteral',
      'OptionalChaining',
      'Regex',
      'StringLiteral',
      'UnaryOperator',
      'UpdateOperator',
    ],
  },
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  dryRunTimeoutMinutes: 30,
  timeoutMS: 20_000,
}
