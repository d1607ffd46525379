import { defineConfig } from 'vitest/config'
import { browserSetup, live } from './vitest.config.js'

/** Writes the images in `docs/images`: `npm run screenshots`. */
export default defineConfig({
  ...live,
  test: {
    name: 'screenshots',
    include: ['tests/screenshots/**/*.test.ts'],
    globalSetup: browserSetup,
    testTimeout: 400_000,
    hookTimeout: 120_000,
  },
})
