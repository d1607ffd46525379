/** The customer's order. */
export const order = {
  lines: [
    { name: 'Tide cup, set of two', detail: 'Stoneware, ash glaze', cents: 6400 },
    { name: 'Shore bowl', detail: 'Stoneware, raw rim', cents: 5200 },
  ],
} as const

export const totalCents = order.lines.reduce<number>((sum, { cents }) => sum + cents, 0)

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

export const formatCents = (cents: number): string => money.format(cents / 100)
