import type { OperationSketch } from '../../../shared/operation-sketch.js'
import type { ShownCall } from '../exchange.js'
import { chosenHeaders, inputOf, type Place, quote } from './call-parts.js'

/** The call as a curl command to the documented path. It reads the secret key from the environment. */
export function asCurl(call: ShownCall, operation: OperationSketch, { hallpassUrl, pageOrigin }: Place): string {
  const rest: Record<string, unknown> = { ...inputOf(call) }
  const take = (name: string) => {
    const value = rest[name]
    delete rest[name]
    return value === undefined ? '' : String(value)
  }
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(take(name)))
  const query = new URLSearchParams(
    operation.queryFields.filter((name) => name in rest).map((name) => [name, take(name)]),
  )
  const lines = [
    `curl ${operation.method === 'GET' || operation.body !== 'ignored' ? '' : '-X POST '}${quote(`${hallpassUrl}${path}${query.size > 0 ? `?${query}` : ''}`)}`,
    ...(operation.needsSecretKey
      ? ['-H "Authorization: Bearer $HALLPASS_API_KEY"']
      : [`-H ${quote(`Origin: ${pageOrigin}`)}`]),
    ...chosenHeaders(call).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...bodyLines(operation, rest),
  ]
  return lines.join(' \\\n  ')
}

function bodyLines({ body }: OperationSketch, rest: Readonly<Record<string, unknown>>): string[] {
  if (body === 'ignored') return []
  if (body === 'form')
    return Object.entries(rest).map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`)
  return ["-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(rest))}`]
}
