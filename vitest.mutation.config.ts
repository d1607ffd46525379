// @ts-nocheck
import { defineConfig } from 'vitest/config'
import { testFiles } from './tests/mutation/modules.mjs'
import { live, shared } from './vitest.config.js'

/** The tests that must detect a missing check. Their servers run in the test process, where mutants are switched on. */
export default defineConfig({
  ...live,
  test: {
    name: 'mutation',
    include: testFiles(),
    isolate: false,
    expect: shared.expect,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
