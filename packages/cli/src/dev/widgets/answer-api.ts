import type { IncomingMessage } from 'node:http'
import { decodeText, isPlainObject } from '@hallpass/contracts/core'
import { sandboxKeys } from '../sandbox.js'
import { banks, makePaykey } from './make-paykey.js'

interface Answer {
  readonly status: number
  readonly body: object
}

const mostBytes = 16_384

/** The API of the sample widgets. Each call brings a token, which Hallpass must report as active. */
export async function answerApi(request: IncomingMessage, path: string, hallpassUrl: string): Promise<Answer> {
  const input = await readJson(request)
  if (input === undefined) return refuse(400, 'The body must be a JSON object of at most 16 KB.')
  if (path === '/api/messages') {
    const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
    const session = await introspect(hallpassUrl, token, 'widget-session')
    if (!session) return refuse(401, 'This session has ended.')
    return { status: 200, body: { reply: `You said: ${String(input.text).slice(0, 500)}` } }
  }
  const claims = await introspect(hallpassUrl, String(input.token), 'bridge')
  if (!claims) return refuse(401, 'This bridge token is invalid or has expired.')
  if (path === '/api/bridge/open') return { status: 200, body: { banks } }
  if (path !== '/api/bridge/paykey') return refuse(404, 'This API has no such path.')
  const paykey = makePaykey(claims, input)
  return paykey ? { status: 200, body: paykey } : refuse(422, 'The account is invalid.')
}

const refuse = (status: number, error: string): Answer => ({ status, body: { error } })

/** The claims of an active token of this kind. */
async function introspect(url: string, token: string, kind: string) {
  const response = await fetch(`${url}/oauth2/introspect`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${sandboxKeys.widgetHostKey}` },
    body: new URLSearchParams({ token }),
  })
  const claims: unknown = await response.json()
  return isPlainObject(claims) && claims.active === true && claims.token_type === kind ? claims : undefined
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  try {
    const value: unknown = JSON.parse(decodeText(Buffer.concat(chunks)))
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
