/** By name, because an `import()` of a CommonJS package has only a default export once it is bundled. */
export { parse, stringify } from 'yaml'
