import type { Operation } from '@hallpass/contracts'
import { headerFlagsOf, headerValueFault } from '../manifest/header-flags.js'
import type { WrittenFlags } from './declare-flags.js'

/** The request headers that flags ask for, and a line for each that the service would refuse. */
export function readHeaders(
  operation: Operation,
  { headers: flags }: Pick<WrittenFlags, 'headers'>,
): { readonly headers: Readonly<Record<string, string>>; readonly faults: readonly string[] } {
  const given = headerFlagsOf(operation).flatMap((one) => {
    const value = flags.find(({ of }) => of.flag === one.flag)?.read()
    return typeof value === 'string' ? [{ ...one, value }] : []
  })
  return {
    headers: Object.fromEntries(given.map(({ header, value }) => [header, value])),
    faults: given.flatMap(({ flag, value, faultOf }) => {
      const fault = faultOf(value) ?? headerValueFault(value)
      return fault ? [`--${flag} ${fault}`] : []
    }),
  }
}
