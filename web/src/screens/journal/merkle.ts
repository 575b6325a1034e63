/** Checks an inclusion proof in the browser itself (RFC 9162, section 2.1.3.2), so that nobody has to believe the server. */

const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data));

async function node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  const joined = new Uint8Array(1 + left.length + right.length);
  joined[0] = 1; // the prefix of inner nodes
  joined.set(left, 1);
  joined.set(right, 1 + left.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

/** Returns the root (base64) to which a leaf hash and its path lead, or throws where the path has the wrong length. */
export async function rootOf(index: number, size: number, leaf: string, path: string[]): Promise<string> {
  let fn = index;
  let sn = size - 1;
  let hash: Uint8Array = bytes(leaf);
  for (const step of path) {
    if (sn === 0) throw new Error("the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      hash = await node(bytes(step), hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = await node(hash, bytes(step));
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  if (sn !== 0) throw new Error("the path is too short");
  return base64(hash);
}
