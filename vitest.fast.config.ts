import { defineConfig } from 'vitest/config'
import { moduleCache } from './vitest.cache.js'
import { live, shared } from './vitest.config.js'

/** Files that take more than about a second: they start processes, send floods, or try many inputs. */
const slow = [
  'apps/demo/src/backend/run-demo',
  'packages/cli/src/{binary,conform,dev,first-start,fixture,fixture-overwrite,local-mode,recover,revoke,stdin,terminal}',
  'packages/cli/src/completion/*',
  'packages/server/src/fixture/fixture-round-trip',
  'packages/server/src/http/connections/guard-connections',
  'packages/server/src/store/**/*',
  'tests/rules/docs',
  'tests/system/{hostile,limits,serve,signing-keys,verify}-*',
  'tests/system/{activity,admin-keys,admin-sessions,audit-verify,backup,changed-rows,clock-reset,clock-workers}',
  'tests/system/{concurrency,connection-budget,cutoff-races}',
  'tests/system/{data-keys,fixture-import,fuzz,guest-flood,held-connections,idempotency-restart,kill-nine,leak-drill}',
  'tests/system/{limits,model,observe-mode,revocation-matrix,revoke-scopes,status-races,subject-token}',
  'tests/system/{parity,races,request-budgets,revoke,sandbox-fault-header,secrets-at-rest,synctera-openapi,serve}',
  'tests/system/{signing-keys,straddle-sdk,token-copies,typed-client-failures,visitor-exchange,visitor-restart}',
  'tests/system/{widget-session-tabs,wrong-credentials}',
]

/** For use during development: `npm run test:fast`. Needs no build, browser or PostgreSQL. */
export default defineConfig({
  ...live,
  test: {
    ...shared,
    name: 'fast',
    include: ['{packages,apps}/*/src/**/*.test.ts', 'tests/{rules,system}/**/*.test.ts'],
    exclude: slow.map((name) => `${name}.test.ts`),
    // as in vitest.config.ts
    maxWorkers: 2,
    experimental: moduleCache,
  },
})
