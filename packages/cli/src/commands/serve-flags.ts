import type { ServeFlags } from '@hallpass/server'
import type { Command } from 'commander'
import { addFlag, type FlagText } from '../flags/add-flag.js'

/** Without a placeholder, the flag takes no value. */
type ServeFlag = Omit<FlagText, 'flags'> & { readonly placeholder?: string }

/** One entry for each setting of the server; the compiler sees to it that none is missing. */
const serveFlags: { readonly [Flag in keyof Required<ServeFlags>]: ServeFlag } = {
  port: { placeholder: 'port', description: 'Port to listen on, 0 for any free one (env HALLPASS_PORT; 8787).' },
  host: { placeholder: 'address', description: 'Address to listen on (env HALLPASS_HOST; 127.0.0.1).' },
  'database-url': {
    placeholder: 'url',
    description: 'file:<path>, :memory: or postgres://… (env HALLPASS_DATABASE_URL; file:./hallpass.db).',
  },
  'database-connections': {
    placeholder: 'count',
    description: 'Connections to PostgreSQL at most (env HALLPASS_DATABASE_CONNECTIONS; 10).',
  },
  fixture: { placeholder: 'file', description: 'A fixture to import at start (env HALLPASS_FIXTURE).' },
  overwrite: {
    description:
      'Let the fixture win over what was changed since its last import (env HALLPASS_FIXTURE_OVERWRITE; false).',
  },
  'public-url': {
    placeholder: 'url',
    description: 'The origin that others reach the service at; the issuer of its tokens (env HALLPASS_PUBLIC_URL).',
  },
  'widget-origins': {
    placeholder: 'origins',
    description: 'Origins that widgets are served from, separated by commas (env HALLPASS_WIDGET_ORIGINS).',
  },
  'trust-proxy': {
    placeholder: 'hops',
    description: 'Proxies in front: a number of hops, or networks separated by commas (env HALLPASS_TRUST_PROXY).',
  },
  'failed-credentials-per-minute': {
    placeholder: 'count',
    description:
      'Wrong credentials an address may send, 0 for any number (env HALLPASS_FAILED_CREDENTIALS_PER_MINUTE; 60).',
  },
  'log-level': {
    placeholder: 'level',
    description: 'The least that is logged (env HALLPASS_LOG_LEVEL; info).',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  },
  'signing-alg': {
    placeholder: 'alg',
    description: 'How tokens are signed (env HALLPASS_SIGNING_ALG; EdDSA).',
    values: ['EdDSA', 'ES256'],
  },
  'audit-log': {
    placeholder: 'where',
    description: 'Where entries of the history are written as well, beside the database (env HALLPASS_AUDIT_LOG; off).',
    values: ['off', 'log'],
  },
  workers: {
    placeholder: 'n',
    description: 'Processes that answer at the one address, auto for one a core (env HALLPASS_WORKERS; 1).',
  },
  'metrics-port': {
    placeholder: 'port',
    description: 'Port of its own for /metrics (env HALLPASS_METRICS_PORT).',
  },
  'secret-scanning-keys': {
    placeholder: 'file or url',
    description: 'Public keys of a secret scanner whose reports are taken (env HALLPASS_SECRET_SCANNING_KEYS).',
  },
  'secret-scanning-action': {
    placeholder: 'action',
    description: 'What happens to a live key that was found (env HALLPASS_SECRET_SCANNING_ACTION; report).',
    values: ['report', 'disable'],
  },
}

/** Adds the server's settings to a command as flags; gives the way to read those that were written. */
export function addServeFlags(command: Command): () => ServeFlags {
  const options = Object.entries(serveFlags).map(([name, { placeholder, ...text }]) => {
    const option = addFlag(command, { ...text, flags: placeholder ? `--${name} <${placeholder}>` : `--${name}` })
    return { name, attribute: option.attributeName() }
  })
  return () => {
    const written = options.map(({ name, attribute }) => [name, command.getOptionValue(attribute)] as const)
    return Object.fromEntries(
      written.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
    )
  }
}
