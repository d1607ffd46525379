import { jwtKinds, type Operation, opaqueLifetimes, operations, type TokenKind, widgetTypes } from '@hallpass/contracts'
import { expect, test } from 'vitest'
import { readText } from './support/repository.js'

const all: readonly Operation[] = Object.values<Operation>(operations)
const isSpent = (kind: TokenKind) => all.some(({ spends, maySpend }) => spends === kind || maySpend === kind)
const mintedBy = (kind: TokenKind) => {
  // a refresh token comes with each session
  const minted = all.filter(({ mints }) => mints === (kind === 'refresh' ? 'widget-session' : kind))
  return minted.some(({ caller }) => caller.by === 'secret_key') ? 'secret_key' : 'client_key'
}

/** What a built-in kind would be as a declaration, from the contracts. */
function rowOf(kind: TokenKind): string {
  const jwt = Object.entries(jwtKinds).find(([name]) => name === kind)?.[1]
  const opaque =
    kind === 'card' ? [opaqueLifetimes.card] : [opaqueLifetimes.refreshSliding, opaqueLifetimes.refreshAbsolute]
  const [ttl = 0, max = ttl] = jwt ? [jwt.ttlSeconds] : opaque
  const actions = kind === 'card' ? widgetTypes.map((type) => `\`${type}\``).join(', ') : ''
  const cells = [
    `\`${kind}\``,
    jwt ? '`jwt`' : '`opaque`',
    max === ttl ? `${ttl}` : `${ttl}, at most ${max} in all`,
    isSpent(kind) ? '1' : '`null`',
    actions,
    jwt ? `\`${jwt.typ}\`` : '',
    `\`${mintedBy(kind)}\``,
  ]
  return `|${cells.map((cell) => ` ${cell} `).join('|')}|`
}

const kinds: readonly TokenKind[] = ['bridge', 'visitor', 'widget-session', 'embed-ticket', 'refresh', 'card']

test('docs/kinds.md shows every built-in kind as a declaration', () => {
  const section = readText('docs/kinds.md').split('## The built-in kinds\n')[1]?.split(/^## /m)[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(kinds.map((kind) => rowOf(kind).replaceAll(/ +/g, ' ')))
})
