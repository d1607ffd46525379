import { availableParallelism } from 'node:os'
import { isHttpOrigin, type TokenAlg, tokenAlgs } from '@hallpass/contracts'
import { StartError } from '../errors.js'
import { flagVariables } from './flag-variables.js'
import { readTrustProxy } from './read-trust-proxy.js'

const minMetricsTokenLength = 16
const maxWorkers = 64
const maxFailures = 100_000

export function keepAliveOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3600) return Number(text)
  throw wrong('keep-alive-timeout', text, 'a whole number of seconds from 1 to 3600')
}

export function drainDelayOf(text: string): number {
  if (/^\d(\.\d{1,3})?$/.test(text) && Number(text) <= 9) return Number(text)
  throw wrong('drain-delay', text, 'a number of seconds from 0 to 9')
}

export function shedAfterOf(text: string): number {
  if (text === 'off') return 0
  if (/^\d{2,4}$/.test(text) && Number(text) >= 10) return Number(text)
  throw wrong('shed-after', text, 'off, or a whole number of milliseconds from 10 to 9999')
}

export function portOf(flag: 'port' | 'metrics-port' | 'admin-port', text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw wrong(flag, text, 'a whole number from 0 to 65535')
}

export function ownPortsOf(metrics: string | undefined, admin: string | undefined, serverPort: number) {
  const metricsPort = ownPortOf('metrics-port', metrics, { '--port': serverPort })
  return {
    metricsPort,
    adminPort: ownPortOf('admin-port', admin, { '--port': serverPort, '--metrics-port': metricsPort }),
  }
}

/** A port that differs from the ports of these flags. 0 is any free port, which differs from every other one. */
function ownPortOf(
  flag: 'metrics-port' | 'admin-port',
  text: string | undefined,
  taken: Readonly<Record<string, number | undefined>>,
): number | undefined {
  if (text === undefined) return undefined
  const port = portOf(flag, text)
  const [same] = Object.entries(taken).find(([, other]) => port !== 0 && other === port) ?? []
  if (same !== undefined) throw wrong(flag, text, `a port other than ${same}`)
  return port
}

export function connectionsOf(text: string): number {
  const connections = Number(text)
  if (/^\d{1,4}$/.test(text) && connections > 0) return connections
  throw wrong('database-connections', text, 'a whole number from 1 to 9999')
}

export function publicUrlOf(url: string | undefined): string | undefined {
  const origin = url?.replace(/\/$/, '')
  if (origin === undefined || isHttpOrigin(origin)) return origin
  throw wrong('public-url', url ?? '', 'an origin such as https://pass.example.com, without a path')
}

export function widgetOriginOf(origin: string): string {
  if (isHttpOrigin(origin)) return origin
  throw wrong('widget-origins', origin, 'a comma-separated list of origins such as https://widgets.example.com')
}

export function trustProxyOf(text: string | undefined): number | readonly string[] | false {
  const trusted = readTrustProxy(text, listOf(text))
  if (trusted !== undefined) return trusted
  throw wrong('trust-proxy', text ?? '', 'a number of hops, or a comma-separated list of addresses and networks')
}

export function failuresOf(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= maxFailures) return Number(text)
  throw wrong('failed-credentials-per-minute', text, `a whole number from 0 to ${maxFailures}; 0 is no limit`)
}

export function workersOf(text: string): number {
  if (text === 'auto') return availableParallelism()
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= maxWorkers) return Number(text)
  throw wrong('workers', text, `auto, or a whole number from 1 to ${maxWorkers}`)
}

export function signingAlgOf(text: string | undefined): TokenAlg | undefined {
  return text === undefined ? undefined : oneOf('signing-alg', tokenAlgs, text)
}

export function scannerKeysOf(text: string | undefined): string | undefined {
  if (!text?.includes('://') || /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(text)) return text
  throw wrong('secret-scanning-keys', text, 'a file, or an https URL')
}

export function metricsTokenOf(token: string | undefined): string | undefined {
  if (!token) return undefined
  if (token.length >= minMetricsTokenLength && /^[\x21-\x7e]+$/.test(token)) return token
  throw new StartError(
    `HALLPASS_METRICS_TOKEN must be at least ${minMetricsTokenLength} printable ASCII characters, without spaces.`,
  )
}

export function oneOf<T extends string>(flag: keyof typeof flagVariables, allowed: readonly T[], text: string): T {
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw wrong(flag, text, `one of ${allowed.join(', ')}`)
}

export const listOf = (text = '') =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const wrong = (flag: keyof typeof flagVariables, value: string, expected: string) =>
  new StartError(`--${flag} (${flagVariables[flag]}) is ${JSON.stringify(value)}. It must be ${expected}.`)
