const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A time of the service as a person reads it, in the person's own zone. */
export const formatTime = (time: string): string => dateAndTime.format(new Date(time))
