import { defineConfig } from 'vitest/config'
import { live } from './vitest.config.js'

/** Stock JWT libraries, which `npm run test:verifiers` installs first. */
export default defineConfig({
  ...live,
  test: { name: 'verifiers', include: ['tests/verifiers/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
