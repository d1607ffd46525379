import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ApiKey } from '../../store/queries/api-keys.js'
import { disableApiKey } from './api-keys.js'

const key = (id: string, disabled: boolean, successorId: string | null): ApiKey => ({
  ...{ id, disabled, successorId, accountId: 'a', name: '', scopes: ['*'], createdAt: 0, expiresAt: null },
  ...{ lastUsedOn: null, hint: null },
})
const chain = [key('k1', true, 'k2'), key('k2', false, 'k3'), key('k3', true, null)]
const account = {
  ...{ id: 'a', name: '', tenant: '', environment: 'sandbox' as const, parentId: null },
  ...{ requestsPerSecond: 0, requestsPerSecondPerKey: 0, disabled: false },
}

async function after(revoke_minted: boolean): Promise<[subject: unknown, notBefore: number][]> {
  const written: [unknown, number][] = []
  const store = {
    findApiKey: async (_: string, id: string) => chain.find((one) => one.id === id),
    addFamilyCutoff: async (_: string, family: object, { notBefore }: { notBefore: number }) => {
      written.push(['subject' in family && family.subject, notBefore])
      return ['a']
    },
  }
  const input = { api_key_id: 'k1', include_successors: false, force: false, revoke_minted }
  await disableApiKey.afterCommit({ account, clock: { now: () => 500, random: randomBytes }, store }, input)
  return written
}

test('after the commit, the cutoff is written again for each disabled key, with the later time', async () => {
  expect(await after(true)).toEqual([
    ['', 500],
    ['k1', 500],
    ['', 500],
    ['k3', 500],
  ])
})

test('no cutoff is written without revoke_minted', async () => {
  expect(await after(false)).toEqual([])
})
