import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'
import { encodedEtag, etagOf } from './etag.js'

/** A body that is the same for everyone. Its bytes exist once, however many connections it is being sent on. */
export interface SharedBody {
  readonly etag: string
  readonly plain: Buffer
  /** A short body as text, which Node writes together with the headers. */
  readonly text: string | undefined
  /** Compressed when first requested, and kept. Undefined if compression would save nothing. */
  readonly br: (() => Promise<Buffer>) | undefined
  readonly gzip: (() => Promise<Buffer>) | undefined
}

/** The bytes to send, and their headers. */
interface Encoded {
  readonly body: string | Buffer
  readonly etag: string
  readonly headers: Readonly<Record<string, string>>
}

/** Anything shorter fits into one packet uncompressed. */
const minCompressedBytes = 1_400
/**
 * A longer body is a revocation feed. Its names are random, so a thorough search takes ten times as long and finds
 * nothing.
 */
const longBytes = 200_000
/** Twice as fast as the next quality, and 5 % larger. */
const brotliQuality = 5

const compressBrotli = promisify<Buffer, { params: Record<number, number> }, Buffer>(brotliCompress)
const compressGzip = promisify<Buffer, { level: number }, Buffer>(gzip)

export function shareBody(body: string | Buffer, etag?: string): SharedBody {
  const plain = typeof body === 'string' ? Buffer.from(body) : body
  const isCompressed = plain.length >= minCompressedBytes
  const isLong = plain.length >= longBytes
  const params = { [zlib.BROTLI_PARAM_QUALITY]: isLong ? zlib.BROTLI_MIN_QUALITY + 1 : brotliQuality }
  const level = isLong ? zlib.Z_BEST_SPEED : zlib.Z_DEFAULT_COMPRESSION
  return {
    etag: etag ?? etagOf(plain),
    plain,
    text: typeof body === 'string' && !isCompressed ? body : undefined,
    br: isCompressed ? once(() => compressBrotli(plain, { params })) : undefined,
    gzip: isCompressed ? once(() => compressGzip(plain, { level })) : undefined,
  }
}

/** Shares a document that changes occasionally. While its text stays the same, so do the bytes. */
export function shareLatest(): (text: string) => SharedBody {
  let latest: { readonly text: string; readonly body: SharedBody } | undefined
  return (text) => {
    if (latest?.text !== text) latest = { text, body: shareBody(text) }
    return latest.body
  }
}

/** Chooses the encoding that the caller accepts (RFC 9110 section 12.5.3): Brotli, then gzip, then none. */
export async function encodeShared(shared: SharedBody, acceptEncoding: string | undefined): Promise<Encoded> {
  if (!shared.br || !shared.gzip) return { body: shared.text ?? shared.plain, etag: shared.etag, headers: {} }
  const vary = { Vary: 'Accept-Encoding' }
  const accepted = acceptedEncodings(acceptEncoding)
  const encoding = accepted.has('br') ? 'br' : accepted.has('gzip') ? 'gzip' : undefined
  const body = encoding && (await shared[encoding]?.())
  if (!encoding || !body) return { body: shared.plain, etag: shared.etag, headers: vary }
  return { body, etag: encodedEtag(shared.etag, encoding), headers: { ...vary, 'Content-Encoding': encoding } }
}

/** The encodings in the header. `q=0` means that an encoding is not accepted. */
function acceptedEncodings(header = ''): ReadonlySet<string> {
  const listed = header.toLowerCase().split(',')
  const accepted = listed.filter((item) => !/;\s*q=0(\.0*)?\s*$/.test(item))
  return new Set(accepted.map((item) => item.split(';', 1)[0]?.trim() ?? ''))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
