import { acme } from '../fixtures/fixture.js'
import { paths } from '../fixtures/mint.js'
import type { Served } from './child-process.js'
import { bearer } from './in-process-server.js'

/** Anything that listens. */
export type Listening = Pick<Served, 'url'>

const postJson = (server: Listening, path: string, body: object, headers: Record<string, string>) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

export const bridge = (server: Listening, key: string = acme.key, customer_id: string = acme.customer) =>
  postJson(server, paths.bridge, { customer_id }, bearer(key))

export const bridgeToken = async (server: Listening) =>
  (await (await bridge(server)).json()).data.bridge_token as string

export const guest = (server: Listening, client_key: string, headers: Record<string, string>) =>
  postJson(server, paths.guest, { client_key }, headers)

/** The statuses of four guest sessions under a limit of three per address. */
export async function guestsOfAddresses(server: Listening, forwarded: (call: number) => string): Promise<number[]> {
  const statuses: number[] = []
  for (let call = 0; call < 4; call++) {
    const headers = { Origin: acme.origin, 'X-Forwarded-For': forwarded(call) }
    statuses.push((await guest(server, acme.limited, headers)).status)
  }
  return statuses
}

export const widget = 'https://widgets.example'

/** A guest session of a widget's own page, with a ticket of the embedding page. */
export async function guestWithTicket(server: Listening): Promise<Response> {
  const ticket = await postJson(server, paths.embedTicket, { client_key: acme.clientKey }, { Origin: acme.origin })
  const body = { client_key: acme.clientKey, embed_ticket: (await ticket.json()).ticket }
  return postJson(server, paths.guest, body, { Origin: widget })
}
