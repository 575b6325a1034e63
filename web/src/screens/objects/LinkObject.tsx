import { useEffect } from "react";
import { useNavigate } from "react-router";

/** Opens the screen that shows this kind of thing in full. */
export function LinkObject({ to }: { to: string }) {
  const go = useNavigate();
  useEffect(() => void go(to), [go, to]);
  return null;
}
