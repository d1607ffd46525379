import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Writes the databases of a release: `npm run keep-release`. See tests/material/README.md. */
export default defineConfig({
  ...live,
  test: {
    name: 'release',
    include: ['tests/material/keep-release.test.ts'],
    globalSetup: 'tests/support/provide-postgres.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
