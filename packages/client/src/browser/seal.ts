const algorithm = 'AES-GCM'
const ivLength = 12

/** Encrypts a text for those who know the secret. Rejects without a secure context. */
export async function seal(secret: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivLength))
  const key = await keyOf(secret)
  const sealed = await crypto.subtle.encrypt({ name: algorithm, iv }, key, new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed)))
}

/** Decrypts a text. Rejects if the secret is another one. */
export async function unseal(secret: string, sealed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0))
  const key = await keyOf(secret)
  const iv = bytes.subarray(0, ivLength)
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: algorithm, iv }, key, bytes.subarray(ivLength)))
}

/** The rest of the secret is its name. */
const keyOf = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new TextEncoder().encode(secret.slice(12)), algorithm, false, ['encrypt', 'decrypt'])
