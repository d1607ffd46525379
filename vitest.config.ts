import { defineConfig } from 'vitest/config'

// Sources are tested live, without a build: the condition picks src/ over dist/.
const conditions = ['@hallpass/source']
export const live = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }

/** System tests that run on PostgreSQL too: where the database decides. */
const onBothDatabases = [
  'concurrency',
  'cut-off-races',
  'idempotency',
  'introspect',
  'parity',
  'races',
  'redeem',
  'revoke',
  'signing-keys',
  'visitor-exchange',
  'visitor-refresh',
]

export default defineConfig({
  test: {
    projects: [
      {
        ...live,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
          exclude: ['packages/server/src/store/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { ...live, test: { name: 'rules', include: ['tests/rules/**/*.test.ts'], testTimeout: 30_000 } },
      {
        ...live,
        test: { name: 'system', include: ['tests/system/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
      },
      {
        ...live,
        test: {
          name: 'postgres',
          include: [
            'packages/server/src/store/**/*.test.ts',
            'tests/postgres/**/*.test.ts',
            ...onBothDatabases.map((name) => `tests/system/${name}.test.ts`),
          ],
          globalSetup: 'tests/support/provide-postgres.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // what is published is looked at as it was built, so these read dist/
      {
        test: {
          name: 'packages',
          include: ['tests/packages/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...live,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: 'tests/browser/support/unpack-browser.ts',
          // a page answers when its machine lets it
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
