/** Sets an entry of a map that holds so many at most: for one more the oldest goes. */
export function setBounded<K, V>(map: Map<K, V>, [key, value]: readonly [K, V], most: number): void {
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size >= most && !map.has(key)) map.delete(oldest)
  map.set(key, value)
}
