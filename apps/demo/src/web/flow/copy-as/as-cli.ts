import type { OperationSketch } from '../../../shared/operation-sketch.js'
import type { ShownCall } from '../exchange.js'
import { chosenHeaders, inputOf, type Place, quote } from './call-parts.js'

/** The call as a CLI command, which reads the secret key from HALLPASS_API_KEY. */
export function asCli(call: ShownCall, operation: OperationSketch, { hallpassUrl, pageOrigin }: Place): string {
  const flags = [
    `--base-url ${quote(hallpassUrl)}`,
    ...(operation.needsSecretKey ? [] : [`--origin ${quote(pageOrigin)}`]),
    ...flagsOf(inputOf(call), []),
    ...chosenHeaders(call).map(([name, value]) => `--${name.toLowerCase()} ${quote(value)}`),
  ]
  return [`hallpass ${commandOf(operation.id)}`, ...flags].join(' \\\n  ')
}

/** `visitor.userToken` is `visitor user-token`; `admin.apiKeys.create` is `api-keys create`. */
function commandOf(operationId: string): string {
  const [resource = '', command = ''] = operationId.split('.').slice(-2).map(toKebabCase)
  return `${resource === 'card' ? 'cards' : resource} ${command}`
}

const toKebabCase = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()

function flagsOf(input: Readonly<Record<string, unknown>>, parents: readonly string[]): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    const path = [...parents, toKebabCase(name)]
    if (Array.isArray(value)) return value.map((item) => `--${path.join('.')} ${quote(String(item))}`)
    if (typeof value === 'object' && value !== null) return flagsOf({ ...value }, path)
    return [`--${path.join('.')} ${quote(String(value))}`]
  })
}
