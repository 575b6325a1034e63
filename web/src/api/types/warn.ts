/** Who must be told what. */
import type { Data, Level, Step } from "./base";

export interface WarningText {
  headline: string;
  description: string;
  instruction: string;
}

export interface Warning {
  id: string;
  state: string;
  grade: Level;
  event_type: string;
  area: string;
  areas: string[];
  candidate: boolean;
  certainty: string;
  texts: { zh?: WarningText; en?: WarningText };
  authors: string[];
  approver: string | null;
  issuer: string | null;
  drafted: string;
  onset: string | null;
  expires: string | null;
  issued: string | null;
  ended: string | null;
  reason: string;
  forecast: string | null;
  supersedes: string | null;
  facts: Data;
}

export interface WarningMessage {
  identifier: string;
  msg_type: string;
  status: string;
  sent: string;
}

export interface WarningDetail {
  warning: Warning;
  steps: Step[];
  messages: WarningMessage[];
}
