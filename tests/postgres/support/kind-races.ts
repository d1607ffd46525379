import { randomBytes } from 'node:crypto'
import { type Ask, bothSucceed, oneSucceeds, type Race, resultOf } from './administration-calls.js'

interface Kind {
  readonly name: string
  readonly revision: number
}

/** An account can't delete a kind, so every round declares one of its own. */
const newKind = () => ({
  name: `race-${randomBytes(8).toString('hex')}`,
  title: 'before',
  form: 'opaque',
  ttl_seconds: { default: 60, max: 60 },
  actions: ['view'],
})

async function declare(ask: Ask) {
  const input = newKind()
  const { name, revision } = await resultOf<Kind>(ask(0, 'admin.kinds.put', input))
  return { input, name, revision }
}

/** Two calls about a declared kind at once. */
export const kindRaces = {
  'admin.kinds.put': {
    async prepare(ask) {
      const { input, revision } = await declare(ask)
      const changed = (title: string) => ({ ...input, title, revision })
      return {
        one: changed('one'),
        other: changed('other'),
        // both change the same revision
        expectBoth: async (responses) => oneSucceeds(responses),
      }
    },
  },
  'admin.kinds.disable': {
    async prepare(ask) {
      const { name } = await declare(ask)
      return { one: { name }, other: { name }, expectBoth: bothSucceed }
    },
  },
} as const satisfies Record<string, Race>
