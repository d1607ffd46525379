import { describe, expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

/** Methods that read. The type `DecidingStore` takes them away from administration by these names. */
const reading = /^(find|list|has|is|count)[A-Z]/
/** Reads that hold what they read until the transaction ends. */
const locking = /^lock[A-Z]/
const writes = /\b(insertInto|updateTable|deleteFrom)\(|\b(insert into|update|delete from) [a-z_]+ /
const method = /^ {4}async (?<name>\w+)[(<].*?^ {4}\},$/gms

/** Methods of other names that write nothing, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  consumeOrRevokeToken: 'decides by the insert that each kind of decision shares',
  redeemCardToken: 'decides by the conditional update that revoking shares',
  revokeCardToken: 'decides by the conditional update that redeeming shares',
  changeApiKeyScopes: 'writes by change, which goes on from the row under its lock',
  expireApiKey: 'writes by change, which goes on from the row under its lock',
  disableApiKey: 'writes by change, which goes on from the row under its lock',
  resealAuditChains: 'writes by a function that every chain shares',
  upsertCustomer: 'writes by mergeCustomer, with every member named',
  upsertCard: 'writes by mergeCard, with every member named',
}

interface Method {
  readonly name: string
  readonly body: string
}

const methodsOf = (source: string): Method[] =>
  [...source.matchAll(method)].map(({ 0: body, groups }) => ({ name: groups?.name ?? '', body }))

const methods = filesUnder('packages/server/src/store', '.ts')
  .filter((path) => !path.endsWith('.test.ts') && /^export function \w+Queries\(/m.test(readText(path)))
  .flatMap((path) => methodsOf(readText(path)))

const faultOf = ({ name, body }: Method): string | undefined => {
  if (reading.test(name)) return writes.test(body) ? `${name} has a reading name and writes` : undefined
  if (locking.test(name))
    return /forNoKeyUpdate|forShare|lockedIn|lock table/.test(body) ? undefined : `${name} locks nothing`
  if (writes.test(body) || name in exceptions) return undefined
  return `${name} only reads: name it find…, list…, has…, is… or count…, so that no change follows from it`
}

describe('the methods of the store', () => {
  test('say by their names whether they read, lock or write', () => {
    expect(methods.length).toBeGreaterThan(50)
    expect(methods.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
  })

  test.each([
    ['readKey', 'selectFrom(x)', 'readKey only reads'],
    ['findKey', 'updateTable(x)', 'findKey has a reading name and writes'],
    ['lockKey', 'selectFrom(x)', 'lockKey locks nothing'],
  ])('%s with %s is a fault', (name, statement, fault) => {
    const [found] = methodsOf(`    async ${name}(id: string) {\n      ${statement}\n    },\n`)
    expect(found && faultOf(found)).toContain(fault)
  })
})

describe('the handlers of administration', () => {
  const handlers = readText('packages/server/src/execute/handlers.ts')

  test('are typed with the store that cannot read first', () => {
    expect(handlers).toContain('DecidingContextOf<Operations[Id]>')
  })

  test('and no file of theirs gets around that type', () => {
    const casts = filesUnder('packages/server/src/operations/admin', '.ts').filter((path) =>
      /\bas (unknown|Store)\b/.test(readText(path)),
    )
    expect(casts).toEqual([])
  })
})
