/** Moves an entry to the end of a map that is in order of use, and drops the first one if the map has too many. */
export function touchLru<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  const oldest = map.keys().next()
  if (!oldest.done) map.delete(oldest.value)
}
