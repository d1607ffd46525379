import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Slow by design, so not part of the test command: `npm run test:chaos`. */
export default defineConfig({
  ...live,
  test: { name: 'chaos', include: ['tests/chaos/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 120_000 },
})
