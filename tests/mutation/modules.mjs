/** The system tests that cover each module of the token core, in addition to its unit tests. */
// @ts-nocheck

const systemTests = {
  sessions: ['visitor-refresh', 'visitor-exchange', 'revoke', 'admin-sessions', 'introspect', 'refusals*'],
  revocation: [
    'revoke',
    'admin-sessions',
    'revocation-feed*',
    'account-feed',
    'full-feed',
    'card-status',
    'introspect',
    'visitor-exchange',
    'visitor-embed-ticket',
  ],
  idempotency: [
    'idempotency',
    'idempotency-running',
    'idempotency-restart',
    'redeem',
    'admin-key-successors',
    'data-keys',
  ],
  signing: ['signing-keys*', 'data-keys', 'hostile-tokens', 'introspect', 'jwks', 'refusals'],
  limits: ['limits-address', 'limits-shared', 'wrong-credentials'],
  crypto: ['data-keys', 'audit-verify', 'card', 'signing-keys', 'admin-keys', 'wrong-credentials'],
  execute: [
    'activity',
    'admin-key-successors',
    'audit',
    'bridge',
    'card',
    'card-status',
    'change-queue',
    'hostile-headers',
    'idempotency',
    'limits',
    'refusals',
    'sandbox-fault-header',
    'status-races',
    'visitor-config',
    'visitor-guest',
    'visitor-refresh',
    'wrong-credentials',
  ],
}

/** The modules to mutate: the one that `MODULE` names, or all. */
export function mutatedModules(environment = process.env) {
  const { MODULE } = environment
  if (MODULE === undefined) return Object.keys(systemTests)
  if (!Object.hasOwn(systemTests, MODULE))
    throw new Error(`MODULE must be one of ${Object.keys(systemTests).join(', ')}`)
  return [MODULE]
}

/** The folder of their tests. */
export const testFiles = () =>
  mutatedModules().flatMap((name) => [
    `packages/server/src/${name}/**/*.test.ts`,
    ...systemTests[name].map((test) => `tests/system/${test}.test.ts`),
  ])
