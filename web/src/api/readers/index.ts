/** Shapes what the server answers into what the screens read; pure, and the only place that knows both. */
export type { Raw } from "../raw";
export * from "./alarmSystem";
export * from "./assess";
export * from "./city";
export * from "./cityState";
export * from "./field";
export * from "./ingest";
export * from "./plan";
export * from "./rules";
export * from "./sense";
export * from "./sensing";
export * from "./supply";
export * from "./warn";
