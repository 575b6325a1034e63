import { amount, flag, list, names, record, text, type Raw } from "../raw";
import type { Bucket, Reading, Resolution, SensorCard, SensorPage, SensorSeries } from "../types";
import { alarm, neighbours } from "./sense";
import { rule } from "./rules";

const moment = (value: unknown): number => Date.parse(String(value));

const reading = (raw: Raw): Reading => ({
  at: moment(raw.at),
  value: amount(raw.value) ?? Number.NaN,
  quality: text(raw.quality) ?? "good",
  late: flag(raw.late),
});

function bucket(raw: Raw): Bucket {
  const mean = amount(raw.value) ?? Number.NaN;
  return { at: moment(raw.at), mean, low: amount(raw.low) ?? mean, high: amount(raw.high) ?? mean, count: amount(raw.count) ?? 0 };
}

/** Returns a sensor's readings, or its means with what lay around them, in order of time. */
export function sensorSeries(raw: Raw): SensorSeries {
  const told = text(raw.resolution);
  const resolution: Resolution = told === "hour" || told === "day" ? told : "raw";
  const items = list(raw.items);
  return {
    resolution,
    quantity: text(raw.quantity) ?? "",
    unit: text(raw.unit) ?? "",
    synthetic: flag(raw.synthetic),
    readings: resolution === "raw" ? items.map(reading).filter(({ at }) => Number.isFinite(at)) : [],
    buckets: resolution === "raw" ? [] : items.map(bucket).filter(({ at }) => Number.isFinite(at)),
  };
}

function card(raw: Raw): SensorCard {
  const id = text(raw.id) ?? "";
  return {
    id,
    number: amount(raw.number),
    name: names(raw, id),
    asset: text(raw.asset) ?? "",
    asset_type: text(raw.asset_type) ?? "",
    kind: text(raw.kind),
    quantity: text(raw.quantity) ?? "",
    unit: text(raw.unit) ?? "",
    area: text(raw.area) ?? "",
    lon: amount(raw.lon),
    lat: amount(raw.lat),
    cadence_s: amount(raw.cadence_s),
    low: amount(raw.low),
    high: amount(raw.high),
    owner: text(raw.owner),
    calibrated_on: text(raw.calibrated_on),
    retired_at: text(raw.retired_at),
    synthetic: flag(raw.synthetic),
  };
}

/** Returns all that is known of one sensor. */
export function sensorPage(raw: Raw): SensorPage {
  const latest = record(raw.latest);
  return {
    card: card(record(raw.sensor)),
    latest: text(latest.at) === null ? null : reading(latest),
    health: list(raw.health).map(alarm),
    rules: list(raw.rules).map(rule),
    neighbours: neighbours(raw.neighbours),
    alarms: list(raw.alarms).map(alarm),
    maintenance: list(raw.maintenance).map((one) => ({
      id: text(one.id) ?? "",
      begins: text(one.begins) ?? "",
      ends: text(one.ends) ?? "",
      by: text(one.by) ?? "",
      reason: text(one.reason) ?? "",
    })),
  };
}
