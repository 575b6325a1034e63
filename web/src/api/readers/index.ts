/** Shapes what the server answers into what the screens read; pure, and the only place that knows both. */
export type { Raw } from "../raw";
export * from "./assess";
export * from "./city";
export * from "./field";
export * from "./plan";
export * from "./sense";
export * from "./supply";
export * from "./warn";
