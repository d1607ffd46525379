/** A secret: 12 letters that may be published as its name, and 32 that are a key. */
export const newSecret = (): string =>
  [...crypto.getRandomValues(new Uint8Array(44))].map((byte) => (byte % 36).toString(36)).join('')
