import {
  accountRevocationsPath,
  findOperation,
  type Operation,
  operations,
  revocationStreamPath,
  revocationsPath,
} from '@hallpass/contracts'
import { maxBatchSize } from '../trpc/answer-calls.js'
import { docsPaths } from './docs-page.js'
import { embedScriptPath } from './embed-script.js'

/** What is served at a path, by any of its operations. */
export interface KnownPath {
  readonly methods: readonly string[]
  readonly crossOrigin: boolean
}

const documents = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  revocationsPath,
  accountRevocationsPath('{account}'),
  '/openapi.json',
  '/health/live',
  '/health/ready',
  ...docsPaths,
  embedScriptPath,
  '/metrics',
]

export const secretScanningPath = '/secret-scanning/github'

const trpc = /^\/trpc\/(.*)$/

const patterns: readonly (KnownPath & { readonly pattern: RegExp })[] = [
  ...Object.values<Operation>(operations).flatMap(({ paths, methods, calledFrom }) =>
    paths.map((path) => ({
      pattern: patternOf(path),
      methods: calledFrom === 'page' ? [...methods, 'OPTIONS'] : methods,
      crossOrigin: calledFrom === 'page',
    })),
  ),
  { pattern: patternOf(secretScanningPath), methods: ['POST'], crossOrigin: false },
  // each address of the console is the same document
  { pattern: /^\/console(\/.*)?$/, methods: ['GET', 'HEAD'], crossOrigin: false },
  { pattern: patternOf(revocationStreamPath('{account}')), methods: ['GET'], crossOrigin: false },
  ...documents.map((path) => ({ pattern: patternOf(path), methods: ['GET', 'HEAD'], crossOrigin: false })),
]

/**
 * The path that the router would find, even if the request is in absolute form (RFC 9112 section 3.2.2) or
 * percent-encoded.
 */
export function pathOf(requestTarget: string): string {
  const path = requestTarget.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] || '/'
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** What is served at a path, or undefined. Several operations may share a path. */
export function findKnownPath(path: string): KnownPath | undefined {
  const calls = trpc.exec(path)?.[1]
  if (calls !== undefined) return { methods: ['GET', 'POST', 'OPTIONS'], crossOrigin: isCrossOrigin(callsOf(calls)) }
  const found = patterns.filter(({ pattern }) => pattern.test(path))
  if (found.length === 0) return undefined
  const methods = [...new Set(found.flatMap((known) => known.methods))]
  return { methods, crossOrigin: found.some(({ crossOrigin }) => crossOrigin) }
}

export const isTrpcPath = (path: string): boolean => trpc.test(path)

/**
 * The calls in the path of a batch. One more than a batch may have shows that there are too many, so the rest isn't
 * read.
 */
export const callsOf = (path: string): readonly string[] => path.split(',', maxBatchSize + 1).map(procedureOf)

/** The id of a procedure. A client may write its parts with slashes between them (`pathSeparator`). */
export const procedureOf = (path: string): string => path.replaceAll('/', '.')

/** Whether pages of other origins may make all of these tRPC calls. */
export const isCrossOrigin = (calls: readonly string[]): boolean =>
  calls.every((call) => findOperation(call)?.calledFrom === 'page')

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
}
