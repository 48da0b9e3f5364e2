/** Something that keeps the server from starting and that the person who started it can mend. */
export class StartError extends Error {}
