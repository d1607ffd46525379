/**
 * Limits the body of a response: reading more than `mostBytes` throws, and the rest isn't downloaded. So an endless or
 * compressed body can't exhaust memory.
 */
export function limitBody(response: Response, mostBytes: number): Response {
  if (!response.body) return response
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > mostBytes) throw new Error(`The response is longer than ${mostBytes} bytes.`)
      controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers })
}

/** A `fetch` that limits the body of each response. */
export const limitedFetch =
  (fetch: typeof globalThis.fetch, mostBytes: number): typeof globalThis.fetch =>
  async (...request) =>
    limitBody(await fetch(...request), mostBytes)
