const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1]

/** Whether a text is a nine-digit ABA routing number with a valid checksum. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false
  return weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0) % 10 === 0
}
