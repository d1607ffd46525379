const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1]

/** Whether nine digits carry the checksum of an ABA routing number. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false
  return weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0) % 10 === 0
}
