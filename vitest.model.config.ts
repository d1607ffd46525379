import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Random walks of the written model, whose simulator `npm run test:model` installs first. */
export default defineConfig({
  ...live,
  test: {
    name: 'model',
    include: ['tests/model/walks/*.test.ts'],
    globalSetup: 'tests/support/provide-postgres.ts',
    testTimeout: 6 * 3_600_000,
    hookTimeout: 120_000,
  },
})
