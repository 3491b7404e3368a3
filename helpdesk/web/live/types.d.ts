/** What the supervisor's page is told (helpdesk/web/live/routes.py). Times are ISO 8601. */
import type { Card, PromiseCard } from "../desk/types.js";

export interface OwnedConversation {
  card: Card;
  unanswered_since: string | null;
}

export interface AgentRow {
  id: string;
  name: string;
  presence: "online" | "paused" | "looking" | "offline";
  capacity: number;
  teams: string[];
  conversations: OwnedConversation[];
  overdue: number;
}

export interface TeamRow {
  id: string | null;
  name: string;
  waiting: number;
  waiting_since: string | null;
  online: number;
  accepted: number;
  wait_median_seconds: number | null;
  wait_p90_seconds: number | null;
}

export interface Board {
  at: string;
  now: string;
  waiting: Card[];
  teams: TeamRow[];
  agents: AgentRow[];
  overdue: PromiseCard[];
}

export interface HourLoad {
  hour: number;
  came_usually: number;
  came_today: number;
  online_usually: number | null;
  online_today: number | null;
}
