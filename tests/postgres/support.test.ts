import { expect, inject, test } from 'vitest'
import { createDatabase, query } from '../support/postgres.js'

test('every file has its own databases, and servers are no superusers', async () => {
  const [one, other] = await Promise.all([createDatabase(inject('postgres')), createDatabase(inject('postgres'))])
  await query(one, 'create table mine (id int)')
  await expect(query(other, 'select * from mine')).rejects.toThrow('does not exist')
  const [who] = await query(one, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user')
  expect(who).toEqual({ rolsuper: false, rolbypassrls: false })
})
