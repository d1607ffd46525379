/** When an id (UUID version 7, RFC 9562 section 5.7) was created, in milliseconds since the epoch. NaN if it isn't one. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
