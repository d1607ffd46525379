import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** `npm test` runs these too, with fewer rounds. */
const longer = ['hostile-properties', 'model', 'races', 'request-budgets', 'signing-keys', 'status-races'].map(
  (name) => `tests/system/${name}.test.ts`,
)

/** Slow tests that aren't part of `npm test`: `npm run test:chaos`. */
export default defineConfig({
  ...live,
  test: {
    name: 'chaos',
    include: ['tests/chaos/**/*.test.ts', ...longer],
    env: {
      HALLPASS_RACE_ROUNDS: '100',
      HALLPASS_MODEL_RUNS: '1000',
      HALLPASS_ROTATION_STEPS: '40',
      HALLPASS_PROPERTY_RUNS: '100',
      HALLPASS_BUDGETED_ROUTES: 'all',
    },
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
})
