import { describe, expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

/** Methods that read. The type `DecidingStore` hides methods with these names from administration. */
const reading = /^(find|list|has|is|count)[A-Z]/
/** Reads that lock what they read until the transaction ends. */
const locking = /^lock[A-Z]/
const writes = /\b(insertInto|updateTable|deleteFrom)\(|\b(insert into|update|delete from) [a-z_]+ /
const method = /^ {4}async (?<name>\w+)[(<].*?^ {4}\},$/gms
/** A statement that is compiled once, beside the methods that run it. */
const statement = /^const (?<name>\w+) = (prepared|forEachType)\(.*?^\)$/gms

/** Other methods that write nothing, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  consumeOrRevokeToken: 'decides by the insert that all kinds of decisions share',
  redeemCardToken: 'decides by the conditional update of revocation',
  rotateSession: 'decides by a conditional write, whose text depends on the cutoffs that can end the session',
  revokeCardToken: 'decides by the conditional update of redemption',
  changeApiKeyScopes: 'writes with change, which reads the row under its lock',
  expireApiKey: 'writes with change, which reads the row under its lock',
  disableApiKey: 'writes with change, which reads the row under its lock',
  resealAuditChains: 'writes with a function that all chains share',
  appendAuditEntry: 'writes with writeEntry, which moves the head and adds its entry',
  addActivity: 'writes with addCounts, which other counts share',
  addOriginCounts: 'writes with addCounts, which other counts share',
  addWebhookEvent: 'writes with insertEvent, which cutoffs share',
  upsertCustomer: 'writes with mergeCustomer, which names every member',
  upsertCard: 'writes with mergeCard, which names every member',
}

interface Method {
  readonly name: string
  readonly body: string
}

/** The methods of a source, each with the statements that it runs. */
function methodsOf(source: string): Method[] {
  const statements = [...source.matchAll(statement)].map(({ 0: text, groups }) => ({ name: groups?.name ?? '', text }))
  return [...source.matchAll(method)].map(({ 0: own, groups }) => {
    const run = statements.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(own)).map(({ text }) => text)
    return { name: groups?.name ?? '', body: [own, ...run].join('\n') }
  })
}

const methods = filesUnder('packages/server/src/store', '.ts')
  .filter((path) => !path.endsWith('.test.ts') && /^export function \w+Queries\(/m.test(readText(path)))
  .flatMap((path) => methodsOf(readText(path)))

const faultOf = ({ name, body }: Method): string | undefined => {
  if (reading.test(name)) return writes.test(body) ? `${name} has the name of a read but writes` : undefined
  if (locking.test(name))
    return /forNoKeyUpdate|forShare|lockedIn|lock table/.test(body) ? undefined : `${name} locks nothing`
  if (writes.test(body) || name in exceptions) return undefined
  return `${name} only reads, so name it find…, list…, has…, is… or count…, which administration can't use for decisions`
}

describe('the methods of the store', () => {
  test('show by their names whether they read, lock or write', () => {
    expect(methods.length).toBeGreaterThan(50)
    expect(methods.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
  })

  test.each([
    ['readKey', 'selectFrom(x)', 'readKey only reads'],
    ['findKey', 'updateTable(x)', 'findKey has the name of a read but writes'],
    ['lockKey', 'selectFrom(x)', 'lockKey locks nothing'],
  ])('reports %s with %s', (name, statement, fault) => {
    const [found] = methodsOf(`    async ${name}(id: string) {\n      ${statement}\n    },\n`)
    expect(found && faultOf(found)).toContain(fault)
  })

  test('reports a read that runs a statement that writes', () => {
    const [found] = methodsOf(
      '    async findKey() {\n      change(db)\n    },\nconst change = prepared(() =>\n  updateTable(x),\n)\n',
    )
    expect(found && faultOf(found)).toContain('findKey has the name of a read but writes')
  })
})

describe('the handlers of administration', () => {
  const handlers = readText('packages/server/src/execute/handlers.ts')

  test("have the type of a store that can't read before it decides", () => {
    expect(handlers).toContain('DecidingContextOf<Operations[Id]>')
  })

  test('and none of their files avoids that type', () => {
    const casts = filesUnder('packages/server/src/operations/admin', '.ts').filter((path) =>
      /\bas (unknown|Store)\b/.test(readText(path)),
    )
    expect(casts).toEqual([])
  })
})
