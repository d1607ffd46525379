const strict = new TextDecoder('utf-8', { fatal: true })

/** Bytes that aren't UTF-8 text. The message says where, and completes "The file …". */
export class InvalidText extends Error {
  override readonly name = 'InvalidText'
}

/** The text of a file or a body: UTF-8, with or without a byte order mark, which isn't part of the text. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    const hint = isUtf16(bytes) ? '; it looks like UTF-16, so save it as UTF-8' : ''
    throw new InvalidText(`is not valid UTF-8 at byte ${validLength(bytes)} (counted from 0)${hint}`)
  }
}

/** How many bytes are valid before the first sequence that isn't. */
function validLength(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length + 1]
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    if (textOf(bytes.subarray(0, middle)) === undefined) invalid = middle
    else valid = middle
  }
  // the last character may be cut off
  return new TextEncoder().encode(textOf(bytes.subarray(0, valid)) ?? '').length
}

/** The whole characters of a text that may end inside one; undefined if it is invalid before its end. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}

/** Windows tools write UTF-16 with a byte order mark. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
