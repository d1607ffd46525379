import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Real Firefox and WebKit, which `scripts/install-browsers.sh` installs: `npm run test:browsers`. */
export default defineConfig({
  ...live,
  test: {
    name: 'browsers',
    include: ['tests/browsers/**/*.test.ts'],
    // each browser takes a core
    fileParallelism: false,
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
