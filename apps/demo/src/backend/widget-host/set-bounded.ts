/** Sets an entry of a map with at most `most` entries. A new entry of a full map replaces the oldest one. */
export function setBounded<K, V>(map: Map<K, V>, [key, value]: readonly [K, V], most: number): void {
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size >= most && !map.has(key)) map.delete(oldest)
  map.set(key, value)
}
