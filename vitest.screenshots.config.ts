import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Writes the pictures in `docs/images`: `npm run screenshots`. */
export default defineConfig({
  ...live,
  test: {
    name: 'screenshots',
    include: ['tests/screenshots/**/*.test.ts'],
    globalSetup: 'tests/browser/support/unpack-browser.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
