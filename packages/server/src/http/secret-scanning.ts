import { type KeyObject, verify } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { unavailable } from '../execute/common-refusals.js'
import { type LeakFeedback, type LeakMatch, LeakReport, maxReportBytes } from '../secret-scanning/match.js'
import type { ScannerKeys } from '../secret-scanning/public-keys.js'
import { isStoreFailure } from '../store/failure.js'
import { secretScanningPath } from './known-paths.js'
import { writeResponse } from './response.js'
import { refuseRequest } from './unknown-routes.js'

/** Undefined if no public keys are configured. Then the path gives 404. */
export interface SecretScanning {
  readonly keys: ScannerKeys
  readonly report: (matches: readonly LeakMatch[]) => Promise<LeakFeedback[]>
}

const identifierHeader = 'github-public-key-identifier'
const signatureHeader = 'github-public-key-signature'

/**
 * Accepts reports of GitHub's secret scanning partner program: ECDSA on P-256 with SHA-256 over the body as sent. A
 * caller that names no known key is refused before the body is read, and a wrong signature before any query.
 */
export function registerSecretScanning(app: FastifyInstance, scanning: SecretScanning | undefined): void {
  const signers = new WeakMap<FastifyRequest, KeyObject>()
  app.route({
    method: 'POST',
    url: secretScanningPath,
    bodyLimit: maxReportBytes,
    async onRequest(request, reply) {
      const signer = scanning && (await findSigner(scanning.keys, request))
      if (signer) signers.set(request, signer)
      else return refuse(request, reply, scanning ? unsigned() : nothingHere())
    },
    errorHandler(error, request, reply) {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
      refuse(request, reply, new HallpassError('payload_too_large', messages.bodyTooLarge(maxReportBytes)))
    },
    async handler(request, reply) {
      const signer = signers.get(request)
      const { body } = request
      if (!scanning || !signer || !Buffer.isBuffer(body) || !isSigned(request, body, signer)) {
        return refuse(request, reply, unsigned())
      }
      const matches = LeakReport.safeParse(parseJson(body))
      if (!matches.success) {
        return refuse(request, reply, new HallpassError('malformed_request', messages.invalidReport))
      }
      try {
        return writeFeedback(request, reply, await scanning.report(matches.data))
      } catch (error) {
        if (isStoreFailure(error)) return refuse(request, reply, unavailable())
        throw error
      }
    },
  })
}

const nothingHere = () => new HallpassError('not_found', messages.nothingAtPath)
const unsigned = () => new HallpassError('unauthenticated', messages.invalidSignature)
const refuse = refuseRequest

async function findSigner(keys: ScannerKeys, { inbound }: FastifyRequest): Promise<KeyObject | undefined> {
  const identifier = single(inbound.headers, identifierHeader)
  const isSignatureThere = single(inbound.headers, signatureHeader) !== undefined
  return identifier !== undefined && isSignatureThere && identifier.length <= 128 ? keys.find(identifier) : undefined
}

function isSigned({ inbound }: FastifyRequest, body: Buffer, key: KeyObject): boolean {
  const signature = single(inbound.headers, signatureHeader) ?? ''
  if (!/^[A-Za-z0-9+/]{8,120}={0,2}$/.test(signature)) return false
  return verify('sha256', body, key, Buffer.from(signature, 'base64'))
}

const single = (headers: FastifyRequest['inbound']['headers'], name: string) =>
  headers.count(name) === 1 ? headers.get(name) : undefined

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

const writeFeedback = (request: FastifyRequest, reply: FastifyReply, feedback: readonly LeakFeedback[]) =>
  writeResponse(request, reply, {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify(feedback),
  })
