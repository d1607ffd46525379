import type { Institution } from '../../../shared/bridge-api.js'

/** Sandbox banks. Their routing numbers are well formed but unassigned: no bank's number starts with 99. */
const banks: readonly (Institution & { readonly routing_number: string })[] = [
  bank('harbor-federal', 'Harbor Federal', '990000013', ['4821', '7306']),
  bank('juniper-trust', 'Juniper Trust', '990000026', ['1190', '5528']),
  bank('copperline', 'Copperline Credit Union', '990000039', ['6643', '2075']),
  bank('northlight', 'Northlight Bank', '990000042', ['3317', '9464']),
]

/** The banks, without the routing numbers that the widget doesn't show. */
export const institutions: readonly Institution[] = banks.map(({ id, name, accounts }) => ({ id, name, accounts }))

export const findBank = (id: string) => banks.find((candidate) => candidate.id === id)

function bank(id: string, name: string, routing_number: string, [checking, savings]: readonly [string, string]) {
  const accounts = [
    { type: 'checking', last_four: checking },
    { type: 'savings', last_four: savings },
  ] as const
  return { id, name, routing_number, accounts }
}
