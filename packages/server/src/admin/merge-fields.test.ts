import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeFields, type RecordKind } from './merge-fields.js'

const merge = (kind: RecordKind, current: object, last: object | undefined, wanted: object) =>
  mergeFields(kind, { current: { ...current }, last: last && { ...last }, wanted: { ...wanted } })

describe('mergeFields', () => {
  /** A field, a strict value and a looser one. */
  const guarded: [kind: RecordKind, field: string, strict: unknown, loose: unknown][] = [
    ['account', 'environment', 'production', 'sandbox'],
    ['account', 'parent_id', null, 'someone'],
    ['account', 'rate_limit', { requests_per_second: 5 }, { requests_per_second: 50 }],
    ['account', 'rate_limit', { requests_per_second: 5 }, { requests_per_second: 0 }],
    ['account', 'rate_limit', { requests_per_second: 5, requests_per_second_per_key: 1 }, { requests_per_second: 5 }],
    ['api_key', 'disabled', true, false],
    ['api_key', 'scopes', ['admin'], ['*']],
    ['api_key', 'scopes', ['*'], ['*', 'host']],
    ['client_key', 'disabled', true, false],
    ['client_key', 'widget_enabled', false, true],
    ['client_key', 'auth_mode', 'user', 'both'],
    ['client_key', 'origin_allowlist', [], ['https://shop.example']],
    ['client_key', 'origin_allowlist', ['b.example'], ['a.example', 'b.example']],
    ['client_key', 'rate_limit', { guest_per_minute: 5 }, { guest_per_minute: 0 }],
    ['customer', 'status', 'rejected', 'verified'],
    ['customer', 'status', 'inactive', 'review'],
    ['card', 'status', 'SUSPENDED', 'ACTIVE'],
    ['card', 'status', 'TERMINATED', 'SUSPENDED'],
  ]
  test.each(guarded)(
    '%s %s: nothing loosens %j to %j unless the fixture alone was changed',
    (kind, field, strict, loose) => {
      const decide = (current: unknown, last: unknown, wanted: unknown) => {
        const before = last === undefined ? undefined : { [field]: last }
        return merge(kind, { [field]: current }, before, { [field]: wanted }).written.length === 1
      }
      expect({
        'set since the last import': decide(strict, loose, loose),
        'not known what the last import wrote': decide(strict, undefined, loose),
        'changed in the fixture': decide(strict, strict, loose),
        'loosened since the last import': decide(loose, strict, strict),
        'tightened in the fixture': decide(loose, loose, strict),
        'stricter than a database nothing is known of': decide(loose, undefined, strict),
      }).toEqual({
        'set since the last import': false,
        'not known what the last import wrote': false,
        'changed in the fixture': true,
        'loosened since the last import': false,
        'tightened in the fixture': true,
        'stricter than a database nothing is known of': true,
      })
    },
  )

  test.each<[RecordKind, string, unknown, unknown]>([
    ['card', 'status', 'ACTIVE', 'UNACTIVATED'],
    ['card', 'customer_id', 'one', 'another'],
    ['account', 'tenant', '1_1', '2_2'],
    ['client_key', 'origin_allowlist', ['a.example'], ['b.example']],
    ['client_key', 'auth_mode', 'guest', 'user'],
    ['client_key', 'rate_limit', { guest_per_minute: 5 }, { guest_per_minute: 5, guest_per_minute_total: 900 }],
  ])('%s %s: between %j and %j, which are incomparable, the database wins', (kind, field, one, two) => {
    for (const [current, wanted] of [
      [one, two],
      [two, one],
    ]) {
      expect(merge(kind, { [field]: current }, undefined, { [field]: wanted }).kept).toEqual([field])
    }
  })

  test('a field that guards nothing is written while nothing is known, and stays once it was changed', () => {
    expect(merge('customer', { name: 'a' }, undefined, { name: 'b' })).toEqual({ written: ['name'], kept: [] })
    expect(merge('customer', { name: 'a' }, { name: 'b' }, { name: 'b' })).toEqual({ written: [], kept: ['name'] })
    expect(merge('customer', { name: 'a' }, { name: 'b' }, { name: 'c' })).toEqual({ written: [], kept: ['name'] })
  })

  test('the order of a list is no change', () => {
    const [one, two] = [{ origin_allowlist: ['a', 'b'] }, { origin_allowlist: ['b', 'a'] }]
    expect(merge('client_key', one, undefined, two)).toEqual({ written: [], kept: [] })
  })

  test('a fixture that says what the database says changes nothing, whatever was imported before', () => {
    const fields = fc.dictionary(fc.constantFrom('status', 'name', 'scopes', 'rate_limit'), fc.jsonValue())
    const kinds = fc.constantFrom<RecordKind>('account', 'api_key', 'client_key', 'customer', 'card')
    fc.assert(
      fc.property(kinds, fields, fc.option(fields, { nil: undefined }), (kind, same, last) => {
        expect(merge(kind, same, last, structuredClone(same))).toEqual({ written: [], kept: [] })
      }),
    )
  })

  test('of two statuses of a customer the stricter is written, and no field is both written and kept', () => {
    const status = fc.constantFrom('verified', 'pending', 'review', 'inactive', 'rejected')
    const order = ['verified', 'pending', 'review', 'inactive', 'rejected']
    fc.assert(
      fc.property(status, status, fc.option(status), (current, wanted, last) => {
        const { written, kept } = merge('customer', { status: current }, last === null ? undefined : { status: last }, {
          status: wanted,
        })
        expect([...written, ...kept]).toEqual(current === wanted ? [] : ['status'])
        const loosens = order.indexOf(wanted) < order.indexOf(current)
        if (loosens && last !== current) expect(written).toEqual([])
      }),
    )
  })
})
