import type { Shop } from '../../read-shop.js'

/** A card's secrets, which only the processor has. These are test numbers. */
export interface CardSecrets {
  readonly pan: string
  readonly cvc: string
  readonly expiry: string
}

/** The processor's data about cards, which Hallpass doesn't have. */
export interface CardVault {
  readonly lastFourOf: (cardId: string) => string
  readonly secretsOf: (cardId: string) => CardSecrets
  readonly pinOf: (cardId: string) => string
  readonly setPin: (cardId: string, pin: string) => void
}

const firstPin = '1234'

export function createCardVault(cards: Shop['cards']): CardVault {
  const pins = new Map<string, string>()
  const lastFourOf = (cardId: string) => cards.find(({ id }) => id === cardId)?.lastFour ?? '0000'
  return {
    lastFourOf,
    secretsOf: (cardId) => ({ pan: panOf(lastFourOf(cardId)), cvc: cvcOf(cardId), expiry: '09/29' }),
    pinOf: (cardId) => pins.get(cardId) ?? firstPin,
    setPin: (cardId, pin) => void pins.set(cardId, pin),
  }
}

/** A test card number with these last four digits and a valid check digit (ISO/IEC 7812). */
function panOf(lastFour: string): string {
  for (let filler = 0; filler < 10; filler++) {
    const pan = `40000000000${filler}${lastFour}`
    if (luhnSum(pan) % 10 === 0) return pan
  }
  return `400000000000${lastFour}`
}

function luhnSum(digits: string): number {
  return [...digits].toReversed().reduce((sum, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
}

const cvcOf = (cardId: string) => String(Number.parseInt(cardId.slice(0, 6), 16) % 1000).padStart(3, '0')
