import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Not for mutants: these start processes, in which no mutant is switched on, or measure what a mutant's switches cost. */
const left = [
  'backup',
  'connection-budget',
  'fuzz',
  'kill-nine',
  'leak-drill',
  'request-budgets',
  'serve*',
  'straddle-sdk',
]

/** What must notice a missing check: unit tests of the server, and system tests whose server runs in the test's process. */
export default defineConfig({
  ...live,
  test: {
    name: 'mutation',
    include: ['packages/server/src/**/*.test.ts', 'tests/system/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      // these run on PostgreSQL too
      'packages/server/src/store/**',
      ...left.map((name) => `tests/system/${name}.test.ts`),
    ],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
