import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { query } from '../support/postgres.js'
import { createClient } from './support/client.js'
import { adminUrlOf, anyOf, isRunning, startFleet } from './support/fleet.js'
import { report, tally } from './support/numbers.js'
import { factOf, readCutoffs, readDecisions, recordCutoffs } from './support/webhook-facts.js'
import { type Cutoff, countedKind, startWebhookLoad } from './support/webhook-load.js'
import { type Sent, type Sink, sinks, startSinks } from './support/webhook-sinks.js'

const kills = 50
/** Leases end after 20 s, and the second pause after a failure is 15 s. */
const drainMilliseconds = 400_000

/** What the slow endpoints get, so that they can keep up. */
const subscriptions: Readonly<Record<Sink, readonly string[]>> = {
  ...{ good: ['*'], failing: ['*'], gone: ['*'] },
  ...{ slow: ['api_key.created', 'api_key.disabled'], redirecting: ['session.ended', 'session.reuse_detected'] },
}

test(`${kills} crashes of 3 replicas under load: each committed decision is sent, and nothing else`, async () => {
  const flags = { 'local-issuers': 'on', profile: 'sandbox' }
  const fleet = await startFleet({ database: 'postgres', replicas: 3, durable: true, flags })
  onTestFinished(fleet.remove)
  const receiver = await startSinks()
  onTestFinished(receiver.stop)
  const client = createClient()
  onTestFinished(client.close)
  const [url = ''] = fleet.urls()
  const ask = async (path: string, body: object) => JSON.parse((await client.asAcme(url + path, body)).text)
  await client.send(`${url}/v1/admin/kinds/${countedKind.name}`, {
    ...{ method: 'PUT', body: countedKind, headers: { Authorization: 'Bearer sk_test_acme' } },
  })
  const ids = new Map<Sink, string>()
  for (const sink of sinks) {
    const input = { url: `${receiver.url}/${sink}`, event_types: subscriptions[sink] }
    ids.set(sink, (await ask('/v1/admin/webhooks', input)).id)
  }
  // by then, each replica knows the subscriptions
  await delay(1_500)

  const databaseUrl = adminUrlOf(fleet)
  await recordCutoffs(databaseUrl)
  const load = startWebhookLoad(fleet, client, 6)
  for (let killed = 0; killed < kills; killed++) {
    await delay(300 + Math.random() * 1_200)
    const victim = anyOf(fleet.replicas.filter(isRunning))
    await victim.stop('SIGKILL')
    fleet.replicas.splice(fleet.replicas.indexOf(victim), 1)
    await fleet.start({ port: new URL(victim.url).port })
  }
  // the grace period of the refresh tokens ends, so that more of them are reused
  await delay(15_000)
  await load.stop()
  const stoppedAt = performance.now()
  const countPending = async () =>
    (
      await query<{ count: string }>(
        databaseUrl,
        "select count(*) from webhook_deliveries where state = 'pending' and endpoint_id <> $1",
        [ids.get('gone')],
      )
    ).map(({ count }) => Number(count))[0]
  while ((await countPending()) !== 0 && performance.now() - stoppedAt < drainMilliseconds) await delay(500)
  const drainSeconds = Math.round((performance.now() - stoppedAt) / 100) / 10
  expect(await countPending()).toBe(0)

  const decided = await readDecisions(databaseUrl)
  const cutoffs = await readCutoffs(databaseUrl)
  const { said } = load
  const rows = await query<{ endpoint_id: string; event_id: string; payload: string; state: string }>(
    databaseUrl,
    'select endpoint_id, event_id, payload, state from webhook_deliveries order by seq',
  )
  const states = Object.fromEntries(
    sinks.map((sink) => [
      sink,
      tally(rows.filter((row) => row.endpoint_id === ids.get(sink)).map(({ state }) => state)),
    ]),
  )
  report(`${kills} crashes with webhooks`, {
    ...{ calls: said.calls, lost: said.lost, drainSeconds, states },
    decisions: decided.tokens.length + decided.keys.length + decided.beganSessions + decided.endedSessions.length,
    cutoffWrites: cutoffs.length,
    cutoffEvents: cutoffsOf(eventsOf(receiver.got.good)).length,
    types: tally(distinct(receiver.got.good).map(({ body }) => JSON.parse(body).type)),
    requests: Object.fromEntries(sinks.map((sink) => [sink, receiver.got[sink].length])),
    repeats: Object.fromEntries(
      sinks.map((sink) => [sink, receiver.got[sink].length - distinct(receiver.got[sink]).length]),
    ),
    answered: Object.fromEntries(
      Object.entries(said).map(([name, heard]) => [name, Array.isArray(heard) ? heard.length : heard]),
    ),
  })

  // without interrupted calls and repeated deliveries, the test would prove nothing
  expect(said.lost).toBeGreaterThan(20)
  for (const sink of ['good', 'failing'] as const) {
    const events = eventsOf(receiver.got[sink])
    const facts = events.map(({ type, data }) => factOf(type, data))
    const of = (prefix: string) => facts.filter((fact) => fact.startsWith(prefix)).toSorted()
    expect(of('token.'), sink).toEqual(decided.tokens.toSorted())
    expect([...of('api_key.'), ...of('client_key.')], sink).toEqual(decided.keys.toSorted())
    const idsOf = (type: string, name = 'session_id') =>
      events.filter((event) => event.type === type).flatMap(({ data }) => data[name] ?? [])
    const began = [...idsOf('session.began'), ...idsOf('session.promoted')]
    const ended = [...idsOf('session.ended'), ...idsOf('session.promoted', 'guest_session_id')]
    expect(new Set(began).size, sink).toBe(decided.beganSessions)
    expect(ended.toSorted(), sink).toEqual(decided.endedSessions.toSorted())
    expect(idsOf('session.reuse_detected').length, sink).toBeGreaterThanOrEqual(said.reuses > 0 ? 1 : 0)
    // what the clients heard of is there
    expect(missing(said.began, began), sink).toEqual([])
    expect(missing(said.ended, ended), sink).toEqual([])
    expect(missing(said.apiKeysCreated, idsOf('api_key.created', 'api_key_id')), sink).toEqual([])
    expect(missing(said.apiKeysDisabled, idsOf('api_key.disabled', 'api_key_id')), sink).toEqual([])
    expect(missing(said.kindTokens, idsOf('token.minted', 'token_id')), sink).toEqual([])
    expect(missing(said.clientKeysCreated, idsOf('client_key.created', 'client_key_id')), sink).toEqual([])
    expect(missing(said.clientKeysUpdated, idsOf('client_key.updated', 'client_key_id')), sink).toEqual([])
    const sent = cutoffsOf(events)
    expect(missing(sent.map(nameOf), cutoffs.map(nameOf)), sink).toEqual([])
    // the later one of two writes has the event, and a later cutoff covers an earlier one
    expect(
      [...cutoffs, ...said.cutoffs].filter((cutoff) => !sent.some(covers(cutoff))),
      sink,
    ).toEqual([])
    expect(of('token.spent card').length, sink).toBeGreaterThanOrEqual(said.cardSpends)
    expect(of(`token.spent ${countedKind.name}`).length, sink).toBeGreaterThanOrEqual(said.kindSpends)
  }
  for (const sink of sinks) {
    const own = rows.filter((row) => row.endpoint_id === ids.get(sink))
    const payloads = new Map(own.map(({ event_id, payload }) => [event_id, payload]))
    // each request is of a row, byte for byte
    expect(receiver.got[sink].filter(({ id, body }) => payloads.get(id) !== body)).toEqual([])
    if (sink === 'gone') continue
    expect(
      missing(
        [...payloads.keys()],
        receiver.got[sink].filter(isAccepted).map(({ id }) => id),
      ),
      sink,
    ).toEqual([])
    expect(outOfOrder(receiver.got[sink], [...payloads.keys()]), sink).toEqual([])
  }
  const gone = JSON.parse(
    (
      await client.send(`${anyOf(fleet.urls())}/v1/admin/webhooks/${ids.get('gone')}`, {
        ...{ method: 'GET', headers: { Authorization: 'Bearer sk_test_acme' } },
      })
    ).text,
  )
  expect(gone).toMatchObject({ disabled: true, disabled_reason: 'gone' })
  // 4 at a time from each replica, and those that began before the first 410 was written
  expect(receiver.got.gone.length).toBeLessThanOrEqual(24)
}, 1_200_000)

/** The first request of each event. */
const distinct = (sent: readonly Sent[]) => [...new Map(sent.toReversed().map((one) => [one.id, one])).values()]

interface Event {
  readonly type: string
  readonly data: Readonly<Record<string, string>> & { readonly uses_left?: number }
}

const eventsOf = (sent: readonly Sent[]) => distinct(sent).map(({ body }): Event => JSON.parse(body))

const cutoffsOf = (events: readonly Event[]): Cutoff[] =>
  events.flatMap(({ data: { scope, scope_id, not_before } }) =>
    scope === undefined ? [] : [{ scope, subject: scope_id ?? '', notBefore: Date.parse(not_before ?? '') }],
  )

const nameOf = ({ scope, subject, notBefore }: Cutoff) => `${scope} ${subject} ${notBefore}`

const covers = (earlier: Cutoff) => (later: Cutoff) =>
  later.scope === earlier.scope && later.subject === earlier.subject && later.notBefore >= earlier.notBefore

const isAccepted = ({ acceptedAt }: Sent) => acceptedAt !== undefined

const missing = (expected: readonly string[], found: readonly string[]) => {
  const set = new Set(found)
  return expected.filter((one) => !set.has(one))
}

/**
 * Events that came before the previous event of their subject was accepted, in the order in which things happen. Things
 * that can happen in any order did so in the order in which their events were written.
 */
function outOfOrder(all: readonly Sent[], written: readonly string[]): string[] {
  const bySubject = new Map<string, { rank: number; seq: number; fact: string; sent: Sent[] }[]>()
  const seqs = new Map(written.map((id, seq) => [id, seq]))
  for (const { id, body } of distinct(all)) {
    const { type, data }: Event = JSON.parse(body)
    const subject = subjectOf(data)
    const list = bySubject.get(subject) ?? []
    bySubject.set(subject, list)
    const seq = seqs.get(id) ?? Number.NaN
    list.push({ rank: rankOf(type, data), seq, fact: factOf(type, data), sent: all.filter((sent) => sent.id === id) })
  }
  return [...bySubject.values()].flatMap((events) =>
    events
      .toSorted((one, two) => one.rank - two.rank || one.seq - two.seq)
      .flatMap((later, index, sorted) => {
        const earlier = sorted[index - 1]
        if (!earlier) return []
        const accepted = Math.min(...earlier.sent.map(({ acceptedAt = Number.POSITIVE_INFINITY }) => acceptedAt))
        return (later.sent[0]?.at ?? 0) > accepted ? [] : [`${later.fact} before ${earlier.fact}`]
      }),
  )
}

const subjectOf = ({ scope, scope_id, operation, reason, ...ids }: Event['data']) =>
  scope === undefined
    ? (ids.token_id ?? ids.session_id ?? ids.api_key_id ?? ids.client_key_id ?? `${operation} ${reason}`)
    : `${scope} ${scope_id}`

/** The position of an event among those of its subject. */
function rankOf(type: string, { uses_left, not_before }: Event['data']): number {
  if (not_before !== undefined) return Date.parse(not_before)
  if (type === 'token.spent') return 10 - (uses_left ?? 0)
  const order = [
    'token.minted',
    'api_key.created',
    'client_key.created',
    'session.began',
    'session.promoted',
    'api_key.rotated',
  ]
  const late = ['session.reuse_detected', 'token.revoked', 'session.ended', 'api_key.disabled']
  return order.includes(type) ? order.indexOf(type) - order.length : 20 + late.indexOf(type)
}
