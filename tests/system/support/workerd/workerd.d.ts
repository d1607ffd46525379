/** The package has no types. */
declare module 'workerd' {
  /** The path of the program. */
  const path: string
  export default path
}
