/** The settings that `hallpass serve` accepts as flags. Each is also an environment variable. */
export const flagVariables = {
  port: 'HALLPASS_PORT',
  host: 'HALLPASS_HOST',
  'database-url': 'HALLPASS_DATABASE_URL',
  'database-direct-url': 'HALLPASS_DATABASE_DIRECT_URL',
  'database-connections': 'HALLPASS_DATABASE_CONNECTIONS',
  fixture: 'HALLPASS_FIXTURE',
  overwrite: 'HALLPASS_FIXTURE_OVERWRITE',
  'public-url': 'HALLPASS_PUBLIC_URL',
  'widget-origins': 'HALLPASS_WIDGET_ORIGINS',
  'trust-proxy': 'HALLPASS_TRUST_PROXY',
  'failed-credentials-per-minute': 'HALLPASS_FAILED_CREDENTIALS_PER_MINUTE',
  'log-level': 'HALLPASS_LOG_LEVEL',
  'access-log': 'HALLPASS_ACCESS_LOG',
  'signing-alg': 'HALLPASS_SIGNING_ALG',
  'audit-log': 'HALLPASS_AUDIT_LOG',
  profile: 'HALLPASS_PROFILE',
  workers: 'HALLPASS_WORKERS',
  'metrics-port': 'HALLPASS_METRICS_PORT',
  'admin-port': 'HALLPASS_ADMIN_PORT',
  'keep-alive-timeout': 'HALLPASS_KEEP_ALIVE_TIMEOUT',
  'drain-delay': 'HALLPASS_DRAIN_DELAY',
  'shed-after': 'HALLPASS_SHED_AFTER',
  console: 'HALLPASS_CONSOLE',
  'local-issuers': 'HALLPASS_LOCAL_ISSUERS',
  'secret-scanning-keys': 'HALLPASS_SECRET_SCANNING_KEYS',
  'secret-scanning-action': 'HALLPASS_SECRET_SCANNING_ACTION',
} as const

/** The flags of `hallpass serve`, as they were written. */
export type ServeFlags = { readonly [Flag in keyof typeof flagVariables]?: string }
