import { createDocumentStream, type DocumentStream } from './document-stream.js'

/** The maximum numbers of streams. */
export interface StreamLimits {
  readonly streams: number
  readonly perAccount: number
  readonly perAddress: number
}

/** A stream and its owner. */
export interface OpenStream extends DocumentStream {
  readonly accountId: string
  readonly address: string
}

/** The open streams. */
export interface OpenStreams {
  /** Opens a stream. Undefined if there are too many. */
  readonly open: (accountId: string, address: string) => OpenStream | undefined
  readonly ofAccount: (accountId: string) => ReadonlySet<OpenStream>
  readonly all: () => Iterable<OpenStream>
}

/** Each stream takes a connection, and most connections are for requests. */
export function streamLimitsFor(connections: number): StreamLimits {
  const streams = Math.min(2_000, Math.floor(connections / 4))
  return { streams, perAccount: Math.ceil(streams / 2), perAddress: Math.min(64, Math.ceil(streams / 4)) }
}

/**
 * If an account or the server has no streams left, the address with the most streams loses its oldest to the newcomer,
 * unless the newcomer itself has the most. So no address can keep the others out.
 */
export function keepStreams(
  { streams, perAccount, perAddress }: StreamLimits,
  onCount: (open: number) => void = () => {},
): OpenStreams {
  const all = new Set<OpenStream>()
  const byAccount = new Map<string, Set<OpenStream>>()

  const remove = (stream: OpenStream) => {
    all.delete(stream)
    onCount(all.size)
    const own = byAccount.get(stream.accountId)
    own?.delete(stream)
    if (own?.size === 0) byAccount.delete(stream.accountId)
  }
  const makeRoom = (among: ReadonlySet<OpenStream>, address: string): boolean => {
    const oldest = oldestOfLargest(among, address)
    if (oldest) remove(oldest)
    oldest?.end()
    return oldest !== undefined
  }
  return {
    open(accountId, address) {
      if (countOf(all, address) >= perAddress) return undefined
      const own = byAccount.get(accountId) ?? new Set()
      if (own.size >= perAccount && !makeRoom(own, address)) return undefined
      if (all.size >= streams && !makeRoom(all, address)) return undefined
      const stream = { ...createDocumentStream(), accountId, address }
      stream.body.once('close', () => remove(stream))
      all.add(stream)
      onCount(all.size)
      byAccount.set(accountId, own.add(stream))
      return stream
    },
    ofAccount: (accountId) => byAccount.get(accountId) ?? new Set(),
    all: () => all,
  }
}

function countOf(streams: Iterable<OpenStream>, address: string): number {
  let count = 0
  for (const stream of streams) if (stream.address === address) count++
  return count
}

/** The oldest stream of the address with the most streams, if it has more than the newcomer would. */
function oldestOfLargest(streams: ReadonlySet<OpenStream>, newcomer: string): OpenStream | undefined {
  const counts = new Map<string, number>()
  for (const { address } of streams) counts.set(address, (counts.get(address) ?? 0) + 1)
  const [largest, count] = [...counts].reduce((one, two) => (two[1] > one[1] ? two : one), ['', 0])
  if (count <= (counts.get(newcomer) ?? 0) + 1) return undefined
  return [...streams].find(({ address }) => address === largest)
}
