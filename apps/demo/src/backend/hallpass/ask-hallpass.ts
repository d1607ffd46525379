import { createHallpassClient, type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { FastifyReply } from 'fastify'
import type { Actor, BackendAnswer, Call } from '../../shared/backend-api.js'
import { recordCall } from '../../shared/record-call.js'

/** The identity with which a backend calls Hallpass. */
export interface Asker {
  readonly hallpassUrl: string
  /** Never leaves this process. */
  readonly secretKey: string
  /** The backend's lane in the diagrams. */
  readonly as: Actor
}

/** A backend's response to a page. */
export interface BackendReply<T> {
  readonly status: number
  readonly body: BackendAnswer<T>
}

/** Calls Hallpass. Returns refusals, because pages show them. Throws any other error. */
export async function askHallpass<T>(
  asker: Asker,
  ask: (hallpass: HallpassClient) => Promise<T>,
): Promise<BackendReply<T>> {
  const calls: Call[] = []
  const hallpass = createHallpassClient({
    baseUrl: asker.hallpassUrl,
    apiKey: asker.secretKey,
    fetch: recordingFetch(asker.as, calls),
    // the diagram shows every call, so none is retried silently
    maxRetries: 0,
  })
  try {
    return { status: 200, body: { answer: await ask(hallpass), calls } }
  } catch (error) {
    if (!(error instanceof HallpassClientError)) throw error
    const { reason, message, details } = error
    // Hallpass rejected this backend's key; passing on the 401 would make the page renew its own token
    const isKeyRefused = calls.at(-1)?.status === 401
    const status = isKeyRefused ? noAnswerStatus : (details.status ?? noAnswerStatus)
    return { status, body: { refusal: { reason, message }, calls } }
  }
}

/** Calls Hallpass and sends the result to a page. */
export async function replyFromHallpass<T>(
  reply: FastifyReply,
  asker: Asker,
  ask: (hallpass: HallpassClient) => Promise<T>,
): Promise<FastifyReply> {
  const { status, body } = await askHallpass(asker, ask)
  return reply.status(status).send(body)
}

/** A `fetch` that records its calls to Hallpass for the diagram. */
function recordingFetch(from: Actor, calls: Call[]): typeof fetch {
  return (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    const operation = /\/trpc\/([\w.]+)/.exec(url)?.[1]
    return recordCall({ from, to: 'hallpass' }, { url, init, operation }, (call) => calls.push(call))
  }
}

const noAnswerStatus = 502
