/** Stands before the type of every message between a host page and its widget. */
export const messagePrefix = '@hallpass/embed/'
