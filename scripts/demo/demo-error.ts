/** Something that ends the demo and that the person who started it can mend. */
export class DemoError extends Error {}
