import { tokenAlgs } from '@hallpass/contracts/core'
import type { ServeFlags } from '@hallpass/server'
import type { Command } from 'commander'
import { addFlag, type FlagText } from '../flags/add-flag.js'

/** A flag without a placeholder takes no value. */
type ServeFlag = Omit<FlagText, 'flags'> & { readonly placeholder?: string }

/** One entry for each setting of the server. The type ensures that none is missing. */
const serveFlags: { readonly [Flag in keyof Required<ServeFlags>]: ServeFlag } = {
  port: { placeholder: 'port', description: 'Port to listen on; 0 selects a free one (env HALLPASS_PORT; 8787).' },
  host: { placeholder: 'address', description: 'Address to listen on (env HALLPASS_HOST; 127.0.0.1).' },
  'database-url': {
    placeholder: 'url',
    description: 'file:<path>, :memory: or postgres://… (env HALLPASS_DATABASE_URL; file:./hallpass.db).',
  },
  'database-direct-url': {
    placeholder: 'url',
    description: 'PostgreSQL itself, if it is behind a connection pooler (env HALLPASS_DATABASE_DIRECT_URL).',
  },
  'database-connections': {
    placeholder: 'count',
    description: 'Maximum number of connections to PostgreSQL (env HALLPASS_DATABASE_CONNECTIONS; 10).',
  },
  fixture: { placeholder: 'file', description: 'Fixture to import at startup (env HALLPASS_FIXTURE).' },
  overwrite: {
    description:
      'Let the fixture overwrite changes made since its last import (env HALLPASS_FIXTURE_OVERWRITE; false).',
  },
  'public-url': {
    placeholder: 'url',
    description: 'Public origin of the service, which is also the issuer of its tokens (env HALLPASS_PUBLIC_URL).',
  },
  'widget-origins': {
    placeholder: 'origins',
    description: 'Origins that serve your widgets, separated by commas (env HALLPASS_WIDGET_ORIGINS).',
  },
  'trust-proxy': {
    placeholder: 'hops',
    description: 'Trusted proxies: a number of hops, or networks separated by commas (env HALLPASS_TRUST_PROXY).',
  },
  'failed-credentials-per-minute': {
    placeholder: 'count',
    description:
      'Failed credentials allowed per address; 0 is unlimited (env HALLPASS_FAILED_CREDENTIALS_PER_MINUTE; 60).',
  },
  'log-level': {
    placeholder: 'level',
    description: 'Minimum level to log (env HALLPASS_LOG_LEVEL; info).',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  },
  'access-log': {
    placeholder: 'which',
    description: 'Requests to log; failures always are (env HALLPASS_ACCESS_LOG; all).',
    values: ['off', 'sampled', 'all'],
  },
  'signing-alg': {
    placeholder: 'alg',
    description: 'Algorithm that signs tokens (env HALLPASS_SIGNING_ALG; ES256 in a new database).',
    values: tokenAlgs,
  },
  'audit-log': {
    placeholder: 'where',
    description: 'Whether to also write history entries to the log (env HALLPASS_AUDIT_LOG; off).',
    values: ['off', 'log'],
  },
  profile: {
    placeholder: 'which',
    description:
      'Whether weaknesses stop the start (production) or are logged (sandbox) (env HALLPASS_PROFILE; by accounts).',
    values: ['production', 'sandbox'],
  },
  workers: {
    placeholder: 'n',
    description: 'Number of server processes; auto starts one per core (env HALLPASS_WORKERS; 1).',
  },
  'metrics-port': {
    placeholder: 'port',
    description: 'Separate port for /metrics (env HALLPASS_METRICS_PORT).',
  },
  'admin-port': {
    placeholder: 'port',
    description: 'Separate port for administration, the console and metrics (env HALLPASS_ADMIN_PORT).',
  },
  'keep-alive-timeout': {
    placeholder: 'seconds',
    description: 'How long an idle connection stays open (env HALLPASS_KEEP_ALIVE_TIMEOUT; 620).',
  },
  'drain-delay': {
    placeholder: 'seconds',
    description: 'How long to accept connections after /health/ready fails (env HALLPASS_DRAIN_DELAY; 0.5).',
  },
  'shed-after': {
    placeholder: 'milliseconds',
    description: 'How long calls may wait before some get 503, or off (env HALLPASS_SHED_AFTER; 200).',
  },
  console: {
    placeholder: 'on or off',
    description: 'Whether to serve the operator console at /console (env HALLPASS_CONSOLE; on).',
    values: ['on', 'off'],
  },
  'local-issuers': {
    placeholder: 'on or off',
    description:
      'Whether identity providers and webhook endpoints may be on this machine, for development (env HALLPASS_LOCAL_ISSUERS; off).',
    values: ['on', 'off'],
  },
  'secret-scanning-keys': {
    placeholder: 'file or url',
    description: 'Public keys of the secret scanner whose reports to accept (env HALLPASS_SECRET_SCANNING_KEYS).',
  },
  'secret-scanning-action': {
    placeholder: 'action',
    description: 'What to do if a leaked key is active (env HALLPASS_SECRET_SCANNING_ACTION; report).',
    values: ['report', 'disable'],
  },
}

/** Adds the server's settings to a command as flags. Returns a function that reads the flags that were given. */
export function addServeFlags(command: Command): () => ServeFlags {
  const options = Object.entries(serveFlags).map(([name, { placeholder, ...text }]) => {
    const option = addFlag(command, { ...text, flags: placeholder ? `--${name} <${placeholder}>` : `--${name}` })
    return { name, attribute: option.attributeName() }
  })
  return () => {
    const given = options.map(({ name, attribute }) => [name, command.getOptionValue(attribute)] as const)
    return Object.fromEntries(
      given.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
    )
  }
}
