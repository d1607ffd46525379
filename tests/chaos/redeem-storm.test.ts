import { describe, expect, test } from 'vitest'
import { query } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { inParallel } from './support/client.js'
import { adminUrlOf, anyOf } from './support/fleet.js'
import { quantile, report, tally } from './support/numbers.js'
import { withFleet } from './support/with-fleet.js'

describe('3 replicas on one PostgreSQL', () => {
  const { fleet, client } = withFleet()
  const url = () => anyOf(fleet.urls())
  const mint = (headers = {}) => client.asAcme(url() + cardPath(acme.activeCard, 'REVEAL'), {}, headers)

  test('10,000 redeems of 100 tokens: exactly 100 successes, no 5xx', async () => {
    const minted = await inParallel(Array(100).fill(0), 10, () => mint())
    const tokens: string[] = minted.map(({ text }) => JSON.parse(text).widget_token)
    const attempts = Array.from({ length: 10_000 }, (_, index) => tokens[index % tokens.length])
    const began = performance.now()
    const responses = await inParallel(attempts, 128, async (widget_token) => ({
      widget_token,
      ...(await client.asAcme(url() + paths.redeem, { widget_token, widget_type: 'REVEAL' })),
    }))
    const seconds = (performance.now() - began) / 1000
    expect(tally(responses.map(({ status }) => status))).toEqual({ 200: 100, 422: 9_900 })
    const winners = responses.filter(({ status }) => status === 200).map(({ widget_token }) => widget_token)
    expect(new Set(winners)).toEqual(new Set(tokens))
    const times = responses.map(({ milliseconds }) => milliseconds)
    report('10,000 redeems, 3 replicas', {
      perSecond: Math.round(responses.length / seconds),
      p50: Math.round(quantile(times, 0.5)),
      p99: Math.round(quantile(times, 0.99)),
    })
  })

  test('1,000 concurrent duplicates of one mint: one token, and all 2xx bodies are equal', async () => {
    const rows = async () =>
      Number((await query<{ count: string }>(adminUrlOf(fleet), 'select count(*) from card_tokens'))[0]?.count)
    const before = await rows()
    const key = { 'Idempotency-Key': 'one mint for a thousand calls' }
    const responses = await inParallel(Array(1_000).fill(0), 1_000, () => mint(key))
    const successes = responses.filter(({ status }) => status === 200)
    expect(new Set(successes.map(({ text }) => text)).size).toBe(1)
    const others = responses.filter(({ status }) => status !== 200)
    for (const { status, text, headers } of others) {
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 422, code: 'IDEMPOTENCY_CONCURRENT_USE' })
      expect(headers['retry-after']).toBe('1')
    }
    expect((await mint(key)).text).toBe(successes[0]?.text)
    expect(await rows()).toBe(before + 1)
    report('1,000 duplicates of one mint', tally(responses.map(({ status }) => status)))
  })
})
