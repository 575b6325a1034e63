import { describe, expect, it } from "vitest";

import { rootOf } from "../src/screens/journal/merkle";

// Vectors of RFC 6962's reference implementation (certificate-transparency-go, merkle): the tree of its first eight test leaves.
describe("an inclusion proof checked in the browser", () => {
  const base64 = (hex: string) => Buffer.from(hex, "hex").toString("base64");
  const leaf = base64("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const path = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ].map(base64);
  const root = base64("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  it("leads to the published root", async () => {
    expect(await rootOf(0, 8, leaf, path)).toBe(root);
  });
  it("leads elsewhere for another place in the tree", async () => {
    expect(await rootOf(1, 8, leaf, path)).not.toBe(root);
  });
  it("refuses a path of the wrong length", async () => {
    await expect(rootOf(0, 8, leaf, path.slice(0, 2))).rejects.toThrow("short");
    await expect(rootOf(0, 2, leaf, path)).rejects.toThrow("long");
  });
});
