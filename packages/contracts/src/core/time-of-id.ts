/** When an id was made (UUID version 7, RFC 9562 section 5.7): milliseconds since the epoch. NaN for what is no such id. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
