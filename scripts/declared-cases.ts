import type { TokenCase } from './claim-cases.js'
import type { DeclaredName } from './vector-kinds.js'
import { tokenOf } from './vector-tokens.js'

/** Tokens of declared kinds: what only these can say, and every keyword of a schema of claims. */
export function declaredCases(): TokenCase[] {
  return [...ofReports(), ...ofRequests(), ...ofUses(), ...ofNames(), ...ofKeywords()]
}

const caseOf = (kind: DeclaredName, name: string, more: object = {}): TokenCase => ({
  name: `${kind}: ${name}`,
  kind,
  token: tokenOf(kind, 'key-1', more),
})

function ofReports(): TokenCase[] {
  const report = (name: string, more: object) => caseOf('report-embed', name, more)
  const rows = (name: string, value: unknown) => report(name, { claims: { rows: value } })
  return [
    report('the kind of another declaration', { kind: 'survey' }),
    ...['kind', 'kind_revision', 'actions', 'api_key_id', 'resource', 'claims'].map((name) =>
      report(`without ${name}`, { [name]: undefined }),
    ),
    report('a revision that is a text', { kind_revision: '1' }),
    report('a revision that is a fraction', { kind_revision: 1.5 }),
    report('a later revision', { kind_revision: 7 }),
    report('actions that are a text', { actions: 'view' }),
    report('one action', { actions: ['view'] }),
    report('no action', { actions: [] }),
    report('an unknown action', { actions: ['view', 'delete'] }),
    report('a resource that is a number', { resource: 7 }),
    report('an empty resource', { resource: '' }),
    report('an empty api_key_id', { api_key_id: '' }),
    report('a client_key_id, of a page that minted it', { api_key_id: undefined, client_key_id: 'key' }),
    report('an api_key_id and a client_key_id', { client_key_id: 'key' }),
    report('a client_key_id that is a number', { api_key_id: undefined, client_key_id: 7 }),
    report('bound to nothing', { cnf: {} }),
    report('bound to a key, for another audience', { cnf: { jkt: 'a' }, aud: 'other' }),
    report('a client_id', { client_id: 'key' }),
    report('a claim of the kind beside the claims', { rows: ['eu'] }),
    report('a claim of sessions', { sid: 'a' }),
    report('bound to a key', { cnf: { jkt: 'a' } }),
    report('the name as audience', { aud: 'report-embed' }),
    report('a list of audiences', { aud: ['https://reports.example'] }),
    report('claims that are a list', { claims: ['eu'] }),
    report('claims that are null', { claims: null }),
    report('a required claim that is missing', { claims: {} }),
    report('a claim that the schema does not have', { claims: { rows: [], admin: true } }),
    report('claims with a member __proto__', { claims: JSON.parse('{"rows":[],"__proto__":1}') }),
    rows('a claim of another type', 'eu'),
    rows('an item of another type', ['eu', 1]),
    rows('50 items', Array(50).fill('eu')),
    rows('51 items', Array(51).fill('eu')),
    rows('an item of 64 characters beyond the first plane', ['\u{1F600}'.repeat(64)]),
    rows('an item of 65 characters', ['a'.repeat(65)]),
  ]
}

/** What a request needs. */
function ofRequests(): TokenCase[] {
  const kind = 'report-embed'
  const viewed = caseOf(kind, 'an action that it permits', { actions: ['view'] })
  return [
    { ...viewed, action: 'view', resource: 'report_7' },
    { ...viewed, name: `${kind}: an action that it does not permit`, action: 'export' },
    { ...viewed, name: `${kind}: an action that the kind does not have`, action: 'delete' },
    { ...viewed, name: `${kind}: another resource`, resource: 'report_8' },
    { ...viewed, name: `${kind}: another action and resource`, action: 'export', resource: 'report_8' },
    { ...caseOf(kind, 'bound to a key, and another resource', { cnf: { jkt: 'a' } }), resource: 'report_8' },
    { ...caseOf('survey', 'a resource, for a token without one'), resource: 'report_7' },
  ]
}

function ofUses(): TokenCase[] {
  const kind = 'report-embed'
  const once = caseOf(kind, 'a token with uses', { uses: 1 })
  return [
    once,
    { ...once, name: `${kind}: a token with uses, which are counted elsewhere`, allow_unspent: true },
    { ...once, name: `${kind}: a token with uses and the wrong resource`, resource: 'report_8' },
    { ...caseOf(kind, 'a token without uses', {}), allow_unspent: true },
    { ...caseOf(kind, 'uses that are a text', { uses: '1' }), allow_unspent: true },
    { ...caseOf(kind, 'uses that are null', { uses: null }), allow_unspent: true },
  ]
}

/** Without `typ` and `audience`, a kind has those of its name. */
function ofNames(): TokenCase[] {
  const kind = 'survey'
  const typed = (typ: string): TokenCase => ({
    name: `${kind}: typ ${typ}`,
    kind,
    token: tokenOf(kind, 'key-1', {}, typ),
  })
  return [
    caseOf(kind, 'a valid token'),
    caseOf(kind, 'without claims', { claims: undefined }),
    caseOf(kind, 'an action', { actions: ['view'] }),
    caseOf(kind, 'a resource', { resource: 'report_7' }),
    caseOf(kind, 'another audience', { aud: 'https://reports.example' }),
    typed('at+jwt'),
    typed('JWT'),
    caseOf('ping', 'a valid token'),
    caseOf('ping', 'empty claims', { claims: {} }),
    caseOf('ping', 'a resource', { resource: 'report_7' }),
    caseOf('ping', 'an action', { actions: ['view'] }),
    { name: `${kind}: a token of another declared kind`, kind, token: tokenOf('report-embed') },
    {
      name: `${kind}: a token of another declared kind with its typ`,
      kind,
      token: tokenOf('report-embed', 'key-1', {}, 'survey+jwt'),
    },
  ]
}

const values: Readonly<Record<string, readonly unknown[]>> = {
  at: [
    ...['2026-11-21T08:00:00Z', '2026-11-21t08:00:00.5z', '2024-02-29T00:00:00+14:00', '2016-12-31T23:59:60Z'],
    ...['2017-01-01T00:59:60+01:00', '2016-12-31T23:59:60+01:00', '2025-02-29T00:00:00Z', '1900-02-29T00:00:00Z'],
    ...['2026-13-01T00:00:00Z', '2026-04-31T00:00:00Z', '2026-11-21T24:00:00Z', '2026-11-21T08:60:00Z'],
    ...[
      '2026-11-21T08:00:61Z',
      '2026-11-21T08:00:00',
      '2026-11-21',
      '2026-11-21T08:00:00+24:00',
      '2026-11-21T08:00:00+00:60',
      ' 2026-11-21T08:00:00Z',
    ],
    ...[
      '２026-11-21T08:00:00Z',
      '2026-11-21T08:00:00Z\n',
      '0000-02-29T00:00:00Z',
      '2000-00-10T00:00:00Z',
      '2000-01-00T00:00:00Z',
      1,
    ],
  ],
  id: [
    ...[
      '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
      '0F9B7C1E-3d52-4a86-9c4f-6b1f0a9d2e11',
      '0f9b7c1e3d524a869c4f6b1f0a9d2e11',
    ],
    ...['0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e1', '{0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11}', ''],
  ],
  mail: [
    ...['a@example.com', "o'neil+tag.x@sub.example.co", 'A@EXAMPLE.COM', 'a@b', 'a.@example.com', '.a@example.com'],
    ...['a b@example.com', 'a@-example.com', 'a@example-.com', `a@${'b'.repeat(63)}.com`, `a@${'b'.repeat(64)}.com`],
    ...[
      'a@example.com\n',
      'ſ@example.com',
      'a@\u212A.com',
      '"a"@example.com',
      'a@[127.0.0.1]',
      `${'a'.repeat(243)}@example.com`,
    ],
    `${'a'.repeat(242)}@example.com`,
  ],
  page: [
    ...['https://example.com/a?b=c#d', 'urn:isbn:1', 'mailto:a@example.com', 'HTTP://EXAMPLE.COM:80', 'a:', 'http://'],
    ...[
      'http://[::1]:8080/',
      'http://[::ffff:1.2.3.4]',
      'http://[1::2::3]',
      'http://[12345::]',
      'http://[::1',
      'http://[]',
    ],
    ...[
      'http://[::01.2.3.4]',
      'http://a b',
      '/relative',
      '1a:b',
      'http://a/%zz',
      'http://a/%2F',
      'http://a?b?c',
      'http://a#b#c',
    ],
    ...['http://user:pw@host', 'http://host:port', 'http://ü', 'a://x/\n'],
  ],
  score: [-1.5, -1.6, 10, 10.1, 1e-7, '1', true, null],
  count: [0, -1, 7, 1.5, 1e21, 9007199254740992, '0', false],
  name: ['ab', 'a', 'abcd', 'abcde', '\u{1F600}\u{1F600}', '\u{1F600}', 'e\u0301e\u0301', 1],
  tags: [['a'], [], ['a', 'b', 'a'], ['a', 'b', 'a', 'b'], ['c'], 'a', { 0: 'a' }],
  one: [1, true, '1', 2],
  none: [null, false, 0, ''],
  some: [0, 'a', false, 1, true, null, 'b', '0', []],
  flag: [true, null, 0, 'true'],
  either: ['ab', 'abc', 5, 6, null, 1.5],
  more: [
    { x: 1 },
    { x: 1, y: 2 },
    { x: 1, y: 1.5 },
    { y: 2 },
    { x: '1' },
    {},
    [],
    { x: 1, toString: 1 },
    { x: 1, toString: 'a' },
  ],
}

function ofKeywords(): TokenCase[] {
  return Object.entries(values).flatMap(([claim, list]) =>
    list.map((value, at) => {
      const name = `${claim} ${at + 1} is ${JSON.stringify(value).slice(0, 60)}`
      return caseOf('survey', name, { claims: { [claim]: value } })
    }),
  )
}
