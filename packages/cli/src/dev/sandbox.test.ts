import { readFileSync } from 'node:fs'
import { Fixture, publishedSecrets } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { sandbox, sandboxKeys } from './sandbox.js'

const demo = Fixture.parse(
  JSON.parse(readFileSync(new URL('../../../../apps/demo/fixture.json', import.meta.url), 'utf8')),
)
const secretsOf = ({ accounts }: Fixture) => accounts.flatMap(({ api_keys }) => api_keys.map(({ secret }) => secret))

describe('the sandbox of hallpass dev', () => {
  test('is a valid fixture, which the import would not change', () => {
    expect(Fixture.parse(sandbox)).toEqual(sandbox)
  })

  test('has every record of the demo, whose ids and keys the documentation uses', () => {
    for (const [index, account] of demo.accounts.entries()) {
      const { api_keys, ...rest } = account
      expect(sandbox.accounts[index]).toMatchObject(rest)
      expect(sandbox.accounts[index]?.api_keys).toEqual(expect.arrayContaining(api_keys))
    }
  })

  test('has the literal key of the documented examples', () => {
    expect(secretsOf(sandbox)).toContain('My API Key')
  })

  test('has sandbox accounts only, and no secret that a production account may use', () => {
    expect(sandbox.accounts.filter(({ environment }) => environment !== 'sandbox')).toEqual([])
    const secrets = new Set([...secretsOf(sandbox), ...secretsOf(demo)])
    expect([...publishedSecrets].toSorted()).toEqual([...secrets].toSorted())
  })

  test('has the keys and ids that are printed', () => {
    const text = JSON.stringify(sandbox)
    expect(Object.values(sandboxKeys).filter((value) => !text.includes(`"${value}"`))).toEqual([])
  })
})
