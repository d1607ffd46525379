import type { WrittenFlags } from './declare-flags.js'
import { headerValueFault } from './header-flags.js'

/** The request headers that flags ask for, and a line for each that the service would refuse. */
export function readHeaders({ headers: flags }: Pick<WrittenFlags, 'headers'>): {
  readonly headers: Readonly<Record<string, string>>
  readonly faults: readonly string[]
} {
  const given = flags.flatMap(({ of, read }) => {
    const value = read()
    return typeof value === 'string' ? [{ ...of, value }] : []
  })
  return {
    headers: Object.fromEntries(given.map(({ header, value }) => [header, value])),
    faults: given.flatMap(({ flag, value, faultOf }) => {
      const fault = faultOf(value) ?? headerValueFault(value)
      return fault ? [`--${flag} ${fault}`] : []
    }),
  }
}
