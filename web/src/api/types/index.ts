/** What the screens read, by room. The readers make it of what the server answers. */
export * from "./base";
export * from "./frame";
export * from "./sense";
export * from "./sensing";
export * from "./alarmSystem";
export * from "./assess";
export * from "./warn";
export * from "./cityState";
export * from "./field";
export * from "./ingest";
export * from "./supply";
export * from "./trial";
