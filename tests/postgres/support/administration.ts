import { type OperationId, operations } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { hostKey } from '../../system/support/fixtures/host-key.js'
import { type Ask, askOn, resultOf } from './administration-calls.js'
import { makeKey, races } from './administration-races.js'
import { many, type Replicas } from './replicas.js'

/** Every administration operation that changes something. A new one fails until it has a race. */
const writes = Object.values(operations).filter(({ audited }) => audited === 'changes')

/** How many rounds run at the same time. */
const width = 10

/** Whether rounds at once would interfere: signing keys belong to the server, and an account has few webhook endpoints. */
const isShared = (id: string) => /^admin\.(signingKeys|webhooks)\./.test(id)

/** The tests of administration by two replicas on one PostgreSQL, with this many rounds. */
export function testAdministration(replicas: () => Replicas, rounds: number): void {
  const ask: Ask = (...call) => askOn(replicas())(...call)
  const inRounds = async (isAlone: boolean, round: () => Promise<void>) => {
    for (let done = 0; done < rounds; done += isAlone ? 1 : width) {
      await many(isAlone ? 1 : Math.min(width, rounds - done), round)
    }
  }

  test.each(writes)('$id on both at once: neither call undoes the other', async ({ id }) => {
    const operation = id as OperationId
    const race = races[operation as keyof typeof races]
    if (!race) throw new Error(`${id} has no case in administration-races.ts`)
    await inRounds(isShared(id), async () => {
      const { one, other, expectBoth } = await race.prepare(ask)
      await expectBoth(await Promise.all([ask(0, operation, one), ask(1, operation, other)]))
    })
  })

  test.each(writes)('$id while its own key is disabled: either done before that, or rejected', async ({ id }) => {
    const operation = id as OperationId
    const race = races[operation as keyof typeof races]
    if (!race) throw new Error(`${id} has no case in administration-races.ts`)
    await inRounds(isShared(id), async () => {
      const { one, other } = await race.prepare(ask)
      const caller = await makeKey(ask, ['*', 'host'])
      const disable = () => ask(1, 'admin.apiKeys.disable', { api_key_id: caller.id })
      const [during, disabled] = await Promise.all([ask(0, operation, one, caller.secret), disable()])
      expect(disabled.status).toBe(200)
      expect([200, 401]).toContain(during.status)
      // immediately, although this replica has the key in memory
      expect((await ask(0, operation, other, caller.secret)).status).toBe(401)
    })
  })

  test('a key rotated on one and disabled on the other leaves no working key', async () => {
    await inRounds(false, async () => {
      const { id: api_key_id } = await makeKey(ask)
      const [rotated, disabled] = await Promise.all([
        ask(0, 'admin.apiKeys.rotate', { api_key_id }),
        ask(1, 'admin.apiKeys.disable', { api_key_id }),
      ])
      const response = await resultOf<{ disabled_successor_ids: string[] }>(disabled)
      expect([200, 422]).toContain(rotated.status)
      const made = rotated.status === 200 ? [(await resultOf<{ id: string }>(rotated)).id] : []
      expect(response.disabled_successor_ids).toEqual(made)
    })
  })

  test('a client key changed on one and disabled on the other is changed and disabled', async () => {
    const settings = { name: 'race', agent: { id: 'agent_1', display_name: 'Ada' } }
    await inRounds(false, async () => {
      const { id: client_key_id } = await resultOf<{ id: string }>(ask(0, 'admin.clientKeys.create', settings))
      const changes = [{ branding: { primary_color: '#010203' } }, { disabled: true }] as const
      await Promise.all(
        changes.map((change, index) => resultOf(ask(index, 'admin.clientKeys.update', { client_key_id, ...change }))),
      )
      const kept = await resultOf<object>(ask(0, 'admin.clientKeys.update', { client_key_id, locale: 'de' }, hostKey))
      expect(kept).toMatchObject({ disabled: true, branding: { primary_color: '#010203' } })
    })
  })

  test('of two keys that disable each other, one succeeds', async () => {
    await inRounds(false, async () => {
      const [one, other] = [await makeKey(ask, ['*']), await makeKey(ask, ['*'])]
      const responses = await Promise.all([
        ask(0, 'admin.apiKeys.disable', { api_key_id: other.id }, one.secret),
        ask(1, 'admin.apiKeys.disable', { api_key_id: one.id }, other.secret),
      ])
      expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 401])
    })
  })
}
