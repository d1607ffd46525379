import { createHallpassClient, type HallpassClient, HallpassClientError } from '@hallpass/client'
import type { BackendAnswer, Call } from '../shared/backend-api.js'
import { recordCalls } from './record-calls.js'

interface Needs {
  readonly hallpassUrl: string
  readonly shop: { readonly secretKey: string }
}

/** Asks Hallpass as the shop. A refusal is an outcome that the page shows, so it is returned; a fault of ours is thrown. */
export async function askHallpass<T>(
  { hallpassUrl, shop }: Needs,
  ask: (hallpass: HallpassClient) => Promise<T>,
): Promise<{ status: number; body: BackendAnswer<T> }> {
  const calls: Call[] = []
  const hallpass = createHallpassClient({ baseUrl: hallpassUrl, apiKey: shop.secretKey, fetch: recordCalls(calls) })
  try {
    return { status: 200, body: { answer: await ask(hallpass), calls } }
  } catch (error) {
    if (!(error instanceof HallpassClientError)) throw error
    const { reason, message, details } = error
    return { status: details.status ?? noAnswerStatus, body: { refusal: { reason, message }, calls } }
  }
}

const noAnswerStatus = 502
