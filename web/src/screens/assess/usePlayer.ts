/** Plays the moments of a forecast: the next one comes when it was looked at long enough, and its successor is there. */
import { useEffect, useState } from "react";

const PAUSE = 700;
const PATIENCE = 5000; // a tile that does not come must not stop the play

interface Player {
  playing: boolean;
  setPlaying: (playing: boolean) => void;
}

export function usePlayer(frame: number, ready: boolean, advance: () => void): Player {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const due = setTimeout(advance, ready ? PAUSE : PATIENCE);
    return () => clearTimeout(due);
  }, [playing, frame, ready, advance]);
  return { playing, setPlaying };
}
