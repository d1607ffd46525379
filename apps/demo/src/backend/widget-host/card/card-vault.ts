import type { Shop } from '../../read-shop.js'

/** The secrets of a card, as a processor holds them. Test numbers: they belong to nobody. */
export interface CardSecrets {
  readonly pan: string
  readonly cvc: string
  readonly expiry: string
}

/** What the processor knows of cards beyond Hallpass: it alone holds their secrets. */
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

/** A number of a test range that ends as it should, with the check digit of ISO/IEC 7812 made to fit. */
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
