/** What the screens read, by room. The readers make it of what the server answers. */
export * from "./base";
export * from "./frame";
export * from "./sense";
export * from "./assess";
export * from "./warn";
export * from "./field";
export * from "./supply";
