import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StartError } from '../../errors.js'
import { connectionTo } from './connect.js'
import { addressOf, parsePostgresUrl } from './parse-postgres-url.js'

let folder: string
let ca: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-url-'))
  ca = join(folder, 'ca.pem')
  writeFileSync(ca, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusalOf = (url: string): string => {
  try {
    parsePostgresUrl(url)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  throw new Error('The URL was accepted.')
}
const sslOf = (parameters: string, host = 'db') => parsePostgresUrl(`postgres://hp:secret@${host}/hp?${parameters}`).ssl

describe('parsePostgresUrl', () => {
  test.each<[url: string, config: object, address: string]>([
    [
      'postgres://hp:p%40ss@db.example:6543/hp',
      { user: 'hp', password: 'p@ss', host: 'db.example', port: 6543, database: 'hp' },
      'db.example:6543/hp',
    ],
    ['postgresql://hp@[::1]/hp', { user: 'hp', host: '::1', database: 'hp' }, '::1/hp'],
    [
      'postgres://hp:secret@/hp?host=/cloudsql/project:region:db',
      { user: 'hp', password: 'secret', host: '/cloudsql/project:region:db', database: 'hp' },
      'the socket in /cloudsql/project:region:db/hp',
    ],
    [
      'postgres:///hp?host=/var/run/postgresql',
      { host: '/var/run/postgresql', database: 'hp' },
      'the socket in /var/run/postgresql/hp',
    ],
    [
      'postgres://%2Fvar%2Frun%2Fpostgresql/hp',
      { host: '/var/run/postgresql', database: 'hp' },
      'the socket in /var/run/postgresql/hp',
    ],
    ['postgres://hp@db/hp?options=-c%20search_path%3Dhp', { options: '-c search_path=hp' }, 'db/hp'],
  ])('%s', (url, config, address) => {
    expect(parsePostgresUrl(url)).toMatchObject(config)
    expect(addressOf(url)).toBe(address)
  })

  test('sslmode has the meaning that libpq gives it', () => {
    expect(sslOf('')).toBeUndefined()
    expect(sslOf('sslmode=disable')).toBe(false)
    expect(sslOf('sslmode=allow')).toBe(false)
    expect(sslOf('sslmode=prefer')).toEqual({ rejectUnauthorized: false })
    expect(sslOf('sslmode=require')).toEqual({ rejectUnauthorized: false })
    expect(sslOf('sslmode=verify-full')).toEqual({})
    expect(sslOf('sslmode=require&uselibpqcompat=true')).toEqual({ rejectUnauthorized: false })
    // a CA file makes require check the certificate, but not the host name
    const chain = { ca: expect.stringContaining('BEGIN'), checkServerIdentity: expect.any(Function) }
    expect(sslOf(`sslmode=require&sslrootcert=${ca}`)).toEqual(chain)
    expect(sslOf(`sslmode=verify-ca&sslrootcert=${ca}`)).toEqual(chain)
    expect(sslOf(`sslmode=verify-full&sslrootcert=${ca}`)).toEqual({ ca: chain.ca })
    expect(sslOf('sslmode=require&host=/var/run/postgresql', '')).toBe(false)
  })

  test('sslrootcert=system trusts what this machine trusts', () => {
    expect(sslOf('sslrootcert=system')).toMatchObject({
      ca: expect.arrayContaining([expect.stringContaining('BEGIN')]),
    })
    expect(sslOf('sslmode=verify-full&sslrootcert=system')).toHaveProperty('ca')
  })

  test('reads the files once, so that a connection needs none of them later', () => {
    const copy = join(folder, 'renewed.pem')
    writeFileSync(copy, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    const url = `postgres://hp@db/hp?sslmode=verify-full&sslrootcert=${copy}`
    parsePostgresUrl(url)
    rmSync(copy)
    expect(connectionTo(url).config).toMatchObject({ host: 'db', ssl: { ca: expect.stringContaining('AAAA') } })
  })

  test.each<[parameters: string, refusal: RegExp]>([
    ['sslmode=on', /unknown sslmode; it must be one of disable, allow, prefer, require, verify-ca, verify-full\.$/],
    ['sslmode=verify-ca', /sslmode=verify-ca without sslrootcert/],
    ['sslmode=require&sslrootcert=system', /requires sslmode=verify-full\.$/],
    ['sslmode=require&sslmode=disable', /has the parameter sslmode twice\.$/],
    ['sslrootcert=/none/ca.pem', /names the file \/none\/ca\.pem, which can't be read \(ENOENT\)\.$/],
    ['sslcert=/none/client.pem', /names the file \/none\/client\.pem/],
    [`sslrootcert=${new URL(import.meta.url).pathname}x`, /can't be read \(ENOENT\)\.$/],
    ['port=70000', /invalid port/],
    ['port=x', /invalid port/],
    ['host=a,b', /names several hosts/],
  ])('?%s is refused in one line, without the password', (parameters, refusal) => {
    const message = refusalOf(`postgres://hp:secret@db/hp?${parameters}`)
    expect(message).toMatch(refusal)
    expect(message).toMatch(/^--database-url \(HALLPASS_DATABASE_URL\) [^\n]*\.$/)
    expect(message).not.toContain('secret')
  })

  test('a CA file without a certificate is refused', () => {
    const empty = join(folder, 'empty.pem')
    writeFileSync(empty, 'nothing')
    expect(refusalOf(`postgres://db/hp?sslrootcert=${empty}`)).toMatch(
      /without a certificate; it must be a PEM file\.$/,
    )
    const key = join(folder, 'key.pem')
    writeFileSync(key, 'no key')
    expect(refusalOf(`postgres://db/hp?sslkey=${key}&sslcert=${ca}`)).toMatch(/not valid PEM\.$/)
  })

  test('any other text is read or refused with a StartError, and never quoted', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.webQueryParameters(), (user, host, parameters) => {
        const url = `postgres://${user}:s3cr3t@${host}/hp?${parameters}`
        try {
          parsePostgresUrl(url)
        } catch (error) {
          expect(error).toBeInstanceOf(StartError)
          expect(String(error)).not.toContain('s3cr3t')
        }
      }),
    )
  })
})
