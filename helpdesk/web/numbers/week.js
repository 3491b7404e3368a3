// The sheet of a week: its button prints it.

import { byId } from "../shared/elements.js";

byId("print").addEventListener("click", () => window.print());
