import { defineConfig } from 'vitest/config'
import { moduleCache } from './vitest.cache.js'
import { temporaryFolderEnv } from './vitest.tmpdir.js'

// Sources are tested live, without a build: the condition picks src/ over dist/.
const conditions = ['@hallpass/source']
export const live = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }

/** Needs a browser and the demo's pages. */
export const browserSetup = 'tests/browser/support/set-up-browser.ts'

// Files without global side effects share the modules of their worker. Loading modules again for each file took half of
// the total time.
export const shared = {
  isolate: false,
  // a larger space for young objects: collecting them more often took a tenth of a worker's time
  execArgv: ['--max-semi-space-size=64'],
  // what a test waits for takes longer on a busy machine
  expect: { poll: { timeout: 20_000 } },
  testTimeout: 180_000,
  hookTimeout: 180_000,
  env: temporaryFolderEnv(),
}

/** System tests that also run on PostgreSQL, because the database decides. */
const onBothDatabases = [
  'audit-verify',
  'changed-rows',
  'card-status',
  'clock-reset',
  'concurrency',
  'cutoff-races',
  'data-keys',
  'deadline',
  'disabled-account',
  'fixture-import',
  'held-connections',
  'host-account',
  'full-feed',
  'idempotency',
  'introspect',
  'kind-tokens',
  'kinds',
  'leak-drill',
  'limits-shared',
  'observe-mode',
  'origin-counts',
  'page-tokens',
  'last-admin-key',
  'metric-names',
  'parity',
  'races',
  'redeem',
  'revoke',
  'revocation-matrix',
  'revoke-scopes',
  'session-alg',
  'session-audience',
  'signing-keys',
  'status-races',
  'stopped-servers',
  'subject-token',
  'traces',
  'visitor-dpop',
  'visitor-exchange',
  'visitor-refresh',
  'webhook-delivery',
  'webhook-endpoints',
  'webhook-replay',
  'wrong-credentials',
]

export default defineConfig({
  test: {
    // for two cores: most of the time, a test waits for a process, a browser or a database. Six workers take 30 % less
    // time than three, and no more CPU.
    maxWorkers: 6,
    experimental: moduleCache,
    projects: [
      {
        ...live,
        test: {
          ...shared,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
          exclude: ['packages/server/src/store/**'],
        },
      },
      { ...live, test: { ...shared, name: 'rules', include: ['tests/rules/**/*.test.ts'] } },
      {
        ...live,
        test: {
          ...shared,
          name: 'system',
          include: ['tests/system/**/*.test.ts', 'tests/model/*.test.ts'],
          // concurrent tests start processes, and mostly wait
          maxConcurrency: 3,
        },
      },
      {
        ...live,
        test: {
          ...shared,
          name: 'postgres',
          include: [
            'packages/server/src/store/**/*.test.ts',
            'tests/postgres/**/*.test.ts',
            'tests/model/*.test.ts',
            ...onBothDatabases.map((name) => `tests/system/${name}.test.ts`),
          ],
          globalSetup: 'tests/support/provide-postgres.ts',
        },
      },
      // these check published packages as built, so they read dist/
      {
        test: {
          name: 'packages',
          include: ['tests/packages/**/*.test.ts'],
          globalSetup: 'tests/packages/support/provide-packed.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...live,
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: browserSetup,
          // a page's response time depends on the load of the machine
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
})
