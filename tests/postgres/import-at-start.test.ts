import { exportOnHost, importOnHost } from '@hallpass/server'
import { expect, inject, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixture.js'
import { bodyOf } from '../system/support/mint.js'
import { many, startReplicas } from './support/replicas.js'

const card = { id: acme.activeCard, customer_id: acme.customer, last_four: '4242' }

test('replicas that import at the same time keep what was changed, whenever it is changed', async () => {
  const databaseUrl = await createDatabase(inject('postgres'))
  const replicas = await startReplicas(databaseUrl, { count: 2 })
  const env = { HALLPASS_MASTER_KEY: replicas.masterKey.toString('base64url') }
  const host = { flags: { 'database-url': databaseUrl }, env }
  // as a server does at its start: the lock of another import is not waited for without end
  const importPatiently = async () => {
    for (;;) {
      try {
        return await importOnHost(host, fixture)
      } catch (error) {
        if (!String(error).includes('55P03')) throw error
      }
    }
  }
  const upsert = async (status: string) =>
    bodyOf(await replicas.at(0).postAsAcme('/v1/admin/cards', { ...card, status }))
  try {
    for (const status of ['SUSPENDED', 'UNACTIVATED', 'TERMINATED']) {
      // beside the imports, and then before them
      await Promise.all([upsert(status), many(3, importPatiently)])
      const imported = await many(3, importPatiently)
      for (const { kept, changed } of imported) {
        expect(changed).toEqual([])
        expect(kept).toEqual([{ account_id: acme.account, record: `card ${card.id}`, fields: ['status'] }])
      }
      let exported = ''
      await exportOnHost(host, (piece) => {
        exported += piece
      })
      expect(exported).toContain(
        JSON.stringify({ id: card.id, customer_id: card.customer_id, status, last_four: '4242' }),
      )
    }
  } finally {
    await replicas.stop()
  }
})
