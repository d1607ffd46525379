const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Formats an ISO 8601 time in the operator's own time zone. */
export const formatTime = (time: string): string => dateAndTime.format(new Date(time))
