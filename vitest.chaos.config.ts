import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Slow by design, so not part of the test command: `npm run test:chaos`. */
export default defineConfig({
  ...live,
  test: {
    name: 'chaos',
    // those of the system run in `npm test` too, with fewer rounds
    include: [
      'tests/chaos/**/*.test.ts',
      ...['races', 'status-races', 'model'].map((name) => `tests/system/${name}.test.ts`),
    ],
    env: { HALLPASS_RACE_ROUNDS: '100', HALLPASS_MODEL_RUNS: '1000' },
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
})
