import type { OperationSketch } from '../../../shared/operation-sketch.js'
import type { ShownCall } from '../exchange.js'
import { chosenHeaders, inputOf, type Place } from './call-parts.js'

const optionNames: Readonly<Record<string, string>> = {
  'idempotency-key': 'idempotencyKey',
  'straddle-account-id': 'accountId',
  'hallpass-sandbox-fault': 'sandboxFault',
}

/** The call as TypeScript code that uses the typed client. */
export function asClientCode(call: ShownCall, operation: OperationSketch, { hallpassUrl }: Place): string {
  const options = chosenHeaders(call).flatMap(([name, value]) => {
    const option = optionNames[name.toLowerCase()]
    return option === undefined ? [] : [[option, value] as const]
  })
  const key = operation.needsSecretKey ? ', apiKey: process.env.HALLPASS_API_KEY' : ''
  const lines = [
    "import { createHallpassClient } from '@hallpass/client'",
    '',
    `const hallpass = createHallpassClient({ baseUrl: '${hallpassUrl}'${key} })`,
    `const answer = await hallpass.${operation.id}(${literal(inputOf(call))}${
      options.length > 0 ? `, ${literal(Object.fromEntries(options))}` : ''
    })`,
  ]
  return lines.join('\n')
}

/** Formats a value as a TypeScript literal, without unnecessary quotes around names. */
function literal(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
    .replace(/^(\s*)"([A-Za-z_]\w*)":/gm, '$1$2:')
    .replace(/"((?:[^"\\]|\\.)*)"/g, (text, inside: string) => (/'|\\"/.test(inside) ? text : `'${inside}'`))
}
