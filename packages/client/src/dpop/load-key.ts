const storeName = 'keys'
/** How long the browser may take to open its database, in milliseconds. */
const longestAccess = 2_000

/**
 * This browser's key of a name, which all pages of the origin share. Creates it on first use. No script can read its private
 * part. Undefined if the browser refuses to store keys.
 */
export function loadKey(name: string): Promise<CryptoKeyPair | undefined> {
  return new Promise((resolve) => {
    const giveUp = () => resolve(undefined)
    setTimeout(giveUp, longestAccess)
    findOrCreate(name).then(resolve, giveUp)
  })
}

async function findOrCreate(name: string): Promise<CryptoKeyPair> {
  const request = indexedDB.open('hallpass', 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  const database = await resultOf(request)
  try {
    const stored: CryptoKeyPair | undefined = await resultOf(
      database.transaction(storeName).objectStore(storeName).get(name),
    )
    if (stored) return stored
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const made = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    // of pages that create a key at the same time, the first one's is kept
    const keys = database.transaction(storeName, 'readwrite').objectStore(storeName)
    const first: CryptoKeyPair | undefined = await resultOf(keys.get(name))
    if (first) return first
    await resultOf(keys.put(made, name))
    return made
  } finally {
    database.close()
  }
}

const resultOf = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
